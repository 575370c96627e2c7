package simulator

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// meetingFilter is the query of GET /meetings, https://developers.fathom.ai/api-reference/openapi.yaml.
// Unknown parameters, and known ones with an empty value, are ignored.
type meetingFilter struct {
	after, before time.Time
	domains       []string
	domainsType   string
	meetingType   string
	recordedBy    []string
	teams         []string
	want          parts
}

func readMeetingFilter(q url.Values) (f meetingFilter, err error) {
	f.domains = lowered(q["calendar_invitees_domains[]"])
	f.recordedBy = lowered(q["recorded_by[]"])
	f.teams = q["teams[]"]
	f.meetingType = q.Get("meeting_type")
	f.domainsType = q.Get("calendar_invitees_domains_type")
	if !slices.Contains([]string{"", "all", "only_internal", "one_or_more_external"}, f.domainsType) {
		return f, fmt.Errorf("calendar_invitees_domains_type must be all, only_internal or one_or_more_external")
	}
	for name, into := range map[string]*time.Time{"created_after": &f.after, "created_before": &f.before} {
		if *into, err = readTime(q.Get(name)); err != nil {
			return f, fmt.Errorf("%s must be an ISO 8601 timestamp", name)
		}
	}
	for name, into := range map[string]*bool{
		"include_action_items": &f.want.actionItems,
		"include_crm_matches":  &f.want.crm,
		"include_highlights":   &f.want.highlights,
		"include_summary":      &f.want.summary,
		"include_transcript":   &f.want.transcript,
	} {
		switch q.Get(name) {
		case "true":
			*into = true
		case "", "false":
		default:
			return f, fmt.Errorf("%s must be true or false", name)
		}
	}
	return f, nil
}

// readTime takes the forms of ISO 8601 clients send; "" is the zero time.
func readTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339Nano, text)
}

func (f meetingFilter) matches(m *meeting) bool {
	switch {
	case m.unlisted,
		!f.after.IsZero() && !m.createdAt.After(f.after),
		!f.before.IsZero() && !m.createdAt.Before(f.before),
		len(f.domains) > 0 && !slices.ContainsFunc(m.invitees, f.hasDomain),
		f.domainsType != "" && f.domainsType != "all" && f.domainsType != m.domainsType(),
		f.meetingType != "" && (m.meetingType == nil || *m.meetingType != f.meetingType),
		len(f.recordedBy) > 0 && !slices.Contains(f.recordedBy, strings.ToLower(m.recordedBy.Email)),
		len(f.teams) > 0 && (m.recordedBy.Team == nil || !slices.Contains(f.teams, *m.recordedBy.Team)):
		return false
	}
	// Calls recorded by outsiders are returned only to those who ask for somebody.
	return m.recordedBy.EmailDomain == organisation || len(f.recordedBy)+len(f.teams) > 0
}

func (f meetingFilter) hasDomain(i invitee) bool {
	return i.EmailDomain != nil && slices.Contains(f.domains, strings.ToLower(*i.EmailDomain))
}

func lowered(in []string) []string {
	var out []string
	for _, text := range in {
		out = append(out, strings.ToLower(text))
	}
	return out
}

// getMeetings answers GET /meetings.
func (s *Server) getMeetings(w http.ResponseWriter, r *http.Request, c client) {
	f, err := readMeetingFilter(r.URL.Query())
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	if c.oauth && (f.want.summary || f.want.transcript) {
		// The docs refuse these to OAuth apps without saying how; 400 is the one error of this operation that fits.
		writeError(w, http.StatusBadRequest, "include_summary and include_transcript are not available to OAuth apps")
		return
	}
	items := []map[string]any{}
	for _, m := range s.library.list() {
		if m.visible(c) && f.matches(m) {
			items = append(items, m.wire(f.want, s.cfg.NullOptionals))
		}
	}
	writePage(w, r, meetingsPerPage, items)
}
