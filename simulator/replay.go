package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxReport is the largest size of a report in bytes.
const maxReport = 256 << 20

// Recorded is what the real Fathom answered, read from a report of the command "fathom inspect". With it, the simulator
// has the meetings of the report, and answers all other reading calls exactly as Fathom did. Files, webhooks and calls
// that the report doesn't contain are simulated.
type Recorded struct {
	answers  map[string]recordedAnswer // by path
	meetings []map[string]any          // newest first
	nulls    bool                      // parts that were not requested are null
}

// recordedAnswer is one response of the report.
type recordedAnswer struct {
	Path    string              `json:"path"`
	Method  string              `json:"method"`
	Query   map[string][]string `json:"query"`
	Status  int                 `json:"status"`
	Headers map[string]string   `json:"headers"`
	Body    any                 `json:"body"`
	Text    string              `json:"text"`
}

// ReadReport reads a report in JSON.
func ReadReport(from io.Reader) (*Recorded, error) {
	var report struct {
		Format    int              `json:"format"`
		Exchanges []recordedAnswer `json:"exchanges"`
	}
	decoder := json.NewDecoder(io.LimitReader(from, maxReport))
	decoder.UseNumber() // recording ids may be longer than the precision of a float
	if err := decoder.Decode(&report); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	if report.Format != 1 {
		return nil, fmt.Errorf("read report: format %d is not supported", report.Format)
	}
	recorded := &Recorded{answers: map[string]recordedAnswer{}}
	byID := map[string]map[string]any{}
	for _, answer := range report.Exchanges {
		if answer.Method != http.MethodGet || answer.Status == 0 || answer.Status == http.StatusTooManyRequests {
			continue
		}
		if answer.Path == "/meetings" {
			recorded.addMeetings(byID, answer)
		} else if _, known := recorded.answers[answer.Path]; !known && len(answer.Query) == 0 && !strings.Contains(answer.Path, "/downloads/") {
			recorded.answers[answer.Path] = answer.withoutNextPage()
		}
	}
	recorded.meetings = slices.Collect(maps.Values(byID))
	return recorded, recorded.check()
}

// addMeetings collects the meetings of a page. What several pages say of a meeting is combined.
func (r *Recorded) addMeetings(byID map[string]map[string]any, page recordedAnswer) {
	body, _ := page.Body.(map[string]any)
	items, _ := body["items"].([]any)
	for _, item := range items {
		object, ok := item.(map[string]any)
		id := fmt.Sprint(object["recording_id"])
		if !ok || id == "" {
			continue
		}
		if _, isNull := object["transcript"]; isNull && page.Query["include_transcript"] == nil {
			r.nulls = true
		}
		if byID[id] == nil {
			byID[id] = map[string]any{}
		}
		for name, value := range object {
			if value != nil || byID[id][name] == nil {
				byID[id][name] = value
			}
		}
	}
}

// withoutNextPage returns the answer without a cursor, because the report contains one page only.
func (a recordedAnswer) withoutNextPage() recordedAnswer {
	if body, ok := a.Body.(map[string]any); ok && body["next_cursor"] != nil {
		body = maps.Clone(body)
		body["next_cursor"] = nil
		a.Body = body
	}
	return a
}

func (r *Recorded) check() error {
	if len(r.answers) == 0 && len(r.meetings) == 0 {
		return errors.New("read report: it contains no responses")
	}
	return nil
}

// generate returns the recorded meetings. Each has the file of one of the simulator's own.
func (r *Recorded) generate(cfg Config) ([]*meeting, error) {
	var out []*meeting
	for i, object := range r.meetings {
		m := generateMeeting(cfg, i, cfg.Now())
		m.record(object)
		if err := m.deriveFile(cfg); err != nil {
			return nil, fmt.Errorf("generate recorded meeting: %w", err)
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b *meeting) int { return b.createdAt.Compare(a.createdAt) })
	return out, nil
}

// record replaces what a meeting says about itself by a recorded object. The simulator itself understands only the id,
// the date and the host, and leaves out what has an unexpected form.
func (m *meeting) record(object map[string]any) {
	m.recorded = object
	m.id, _ = strconv.ParseInt(fmt.Sprint(object["recording_id"]), 10, 64)
	m.title, _ = object["title"].(string)
	created, _ := object["created_at"].(string)
	m.createdAt, _ = time.Parse(time.RFC3339Nano, created)
	host, _ := object["recorded_by"].(map[string]any)
	m.recordedBy = user{}
	m.recordedBy.Email, _ = host["email"].(string)
	if team, ok := host["team"].(string); ok {
		m.recordedBy.Team = &team
	}
}

// replay responds as Fathom did, if the report contains the call.
func (s *Server) replay(w http.ResponseWriter, r *http.Request) bool {
	if s.cfg.Recorded == nil || r.Method != http.MethodGet {
		return false
	}
	answer, ok := s.cfg.Recorded.answers[strings.TrimPrefix(r.URL.Path, apiPrefix)]
	if !ok {
		return false
	}
	for name, value := range answer.Headers {
		w.Header().Set(name, value)
	}
	body := []byte(answer.Text)
	if answer.Body != nil {
		encoded, err := encodeJSON(answer.Body)
		if err != nil {
			writeError(w, http.StatusInternalServerError, err.Error())
			return true
		}
		body = encoded
	}
	writeBody(w, answer.Status, answer.Headers["content-type"], body)
	return true
}
