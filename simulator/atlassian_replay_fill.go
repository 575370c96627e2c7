package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// fill is what replaces the contents of a recorded answer.
type fill struct {
	now     time.Time
	ids     map[string]string // by the recorded one
	address string            // for the file; "" if the answer is not that of step 1
	share   string            // link of the video; "" if there is none
	video   map[string]any    // as the simulator describes it; nil if the answer is about no video
	videos  []map[string]any  // of a list; nil if the answer is no list of videos
	shift   time.Duration     // of dates
}

// fillOf returns what a recorded answer of an operation is filled with. answer is the simulator's own one.
func (a *atlassian) fillOf(c caller, site AtlassianSite, base, operation string, answer any) fill {
	f := fill{now: a.now(), ids: map[string]string{}}
	own, _ := answer.(map[string]any)
	id, _ := own["videoId"].(string)
	if id == "" {
		id, _ = own["id"].(string)
	}
	hex, _ := loomID(id)
	if recorded := a.cfg.Recorded.videoID; recorded != "" && hex != "" {
		f.ids[recorded] = hex
	}
	if v, ok := a.videos.find(hex); ok {
		f.share, f.video = v.ShareURL, a.describe(v, site.ID)
	}
	if videos, ok := own["videos"].([]map[string]any); ok {
		f.videos = videos
	}
	if operation == "createLoomVideoUpload" {
		f.address = a.replayUpload(hex, base)
	}
	return f
}

// replayUpload makes the host of uploads accept the file in the recorded form, and returns its address.
func (a *atlassian) replayUpload(id, base string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, u := range a.uploads {
		if u.ID == id {
			u.form = uploadReplayed
			u.key = a.cfg.Recorded.uploadKey
			return base + atlassianUploadPath + u.secret
		}
	}
	return ""
}

// replayReceived responds to a file that has arrived as the recorded host did.
func (s *Server) replayReceived(w http.ResponseWriter, id string) {
	host := s.atlassian.cfg.Recorded.host
	if host.Headers["etag"] != "" {
		w.Header().Set("ETag", strconv.Quote(newID(16)))
	}
	var body any
	if json.Unmarshal(host.Body, &body) != nil || body == nil {
		writeBody(w, cmp.Or(host.Status, http.StatusOK), "", nil)
		return
	}
	f := fill{ids: map[string]string{s.atlassian.cfg.Recorded.videoID: id}}
	writeJSON(w, host.Status, f.value("", body))
}

// pack returns the result of a tool, packed as recorded.
func (r recordedResult) pack(f fill) (mcp.Result, error) {
	if f.shift = 0; !r.at.IsZero() {
		f.shift = f.now.Sub(r.at).Round(time.Second)
	}
	out := &mcp.CallToolResult{}
	if structured := r.result["structuredContent"]; structured != nil {
		out.StructuredContent = f.value("", structured)
	}
	contents, _ := r.result["content"].([]any)
	for _, content := range contents {
		object, _ := content.(map[string]any)
		text, _ := object["text"].(string)
		text = f.text(text)
		if value := object["json"]; value != nil {
			encoded, err := encodeJSON(f.value("", value))
			if err != nil {
				return nil, fmt.Errorf("encode recorded answer: %w", err)
			}
			text = string(encoded)
			levels, _ := object["encoded"].(float64)
			for range int(levels) {
				if encoded, err = encodeJSON(text); err != nil {
					return nil, fmt.Errorf("encode recorded answer: %w", err)
				}
				text = string(encoded)
			}
		}
		out.Content = append(out.Content, &mcp.TextContent{Text: text})
	}
	return out, nil
}

// value fills in a JSON value. field is the name of the field that contains it.
func (f fill) value(field string, value any) any {
	switch value := value.(type) {
	case string:
		return f.text(value)
	case float64:
		if value > 1.5e9 && value < 2e9 { // seconds since 1970
			return value + f.shift.Seconds()
		}
	case []any:
		if f.videos != nil && isVideoList(field) {
			return f.list(value)
		}
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = f.value(field, item)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, item := range value {
			out[name] = f.value(name, item)
			if replaced, ok := f.field(name, item); ok && f.video != nil {
				out[name] = replaced
			}
		}
		if f.videos != nil && out["hasNextPage"] != nil {
			out["hasNextPage"] = false
		}
		return out
	}
	return value
}

func isVideoList(field string) bool {
	lower := strings.ToLower(field)
	return strings.Contains(lower, "video") || strings.Contains(lower, "loom") || lower == "nodes" || lower == "edges" || lower == "items" || lower == "results" || lower == "values"
}

// list returns the videos in the form of the first recorded one, or in the simulator's own form without one.
func (f fill) list(recorded []any) []any {
	out := []any{}
	for _, video := range f.videos {
		if len(recorded) == 0 {
			out = append(out, video)
			continue
		}
		one := fill{now: f.now, shift: f.shift, ids: maps.Clone(f.ids), video: video}
		one.share, _ = video["url"].(string)
		if object, ok := recorded[0].(map[string]any); ok {
			for _, id := range recordedID.FindAllString(fmt.Sprint(object["id"], object["videoId"], object["ari"]), -1) {
				one.ids[id], _ = loomID(fmt.Sprint(video["id"]))
			}
		}
		out = append(out, one.value("", recorded[0]))
	}
	return out
}

var (
	recordedURL  = regexp.MustCompile(`https?://[^\s"'\\<>]+`)
	recordedDate = regexp.MustCompile(`\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`)
)

// text fills in ids, addresses and dates.
func (f fill) text(text string) string {
	for recorded, own := range f.ids {
		if recorded == "" {
			continue
		}
		text = strings.ReplaceAll(text, recorded, shaped(own, recorded))
	}
	text = recordedURL.ReplaceAllStringFunc(text, func(address string) string {
		_, query, hasQuery := strings.Cut(address, "?")
		switch {
		case f.address != "" && hasQuery:
			return f.address + "?" + query
		case f.address != "":
			return f.address
		case f.share != "":
			return f.share
		}
		return address
	})
	return recordedDate.ReplaceAllStringFunc(text, func(date string) string {
		t, err := time.Parse("2006-01-02T15:04:05", date)
		if err != nil {
			return date
		}
		return t.Add(f.shift).Format("2006-01-02T15:04:05")
	})
}

// shaped gives the hex digits of an id the form of another one.
func shaped(id, form string) string {
	if len(id) == len(form) {
		return id
	}
	var out strings.Builder
	i := 0
	for _, c := range form {
		if c == '-' {
			out.WriteRune(c)
			continue
		}
		out.WriteByte(id[i%len(id)])
		i++
	}
	return out.String()
}

// field returns what the simulator knows about a field of a video.
func (f fill) field(name string, recorded any) (any, bool) {
	lower := strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
	switch recorded := recorded.(type) {
	case string:
		switch lower {
		case "name", "title", "videotitle":
			return f.video["name"], f.video["name"] != nil
		case "visibility", "privacy", "accesslevel", "privacylevel":
			return f.video["visibility"], f.video["visibility"] != nil
		case "createdat", "created", "createddate":
			return f.video["createdAt"], f.video["createdAt"] != nil
		}
	case bool:
		if lower == "iscomplete" || lower == "complete" || lower == "isready" || lower == "isprocessed" {
			return f.video["isComplete"], f.video["isComplete"] != nil
		}
	case float64:
		seconds, ok := f.video["sourceDuration"].(float64)
		if ok && strings.Contains(lower, "duration") {
			if recorded >= 1000 { // the recorded clip has 2 seconds
				return seconds * 1000, true
			}
			return seconds, true
		}
	}
	return nil, false
}
