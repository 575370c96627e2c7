package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// meetingFilter is the query of GET /meetings, https://developers.fathom.ai/api-reference/openapi.yaml.
// Unknown parameters and empty values are ignored.
type meetingFilter struct {
	after, before time.Time
	domains       []string
	domainsType   string
	meetingType   string
	recordedBy    []string
	teams         []string
	want          parts
}

func parseMeetingFilter(q url.Values) (f meetingFilter, err error) {
	f.domains = q["calendar_invitees_domains[]"]
	f.recordedBy = q["recorded_by[]"]
	f.teams = q["teams[]"]
	f.meetingType = q.Get("meeting_type")
	f.domainsType = q.Get("calendar_invitees_domains_type")
	if !slices.Contains([]string{"", "all", "only_internal", "one_or_more_external"}, f.domainsType) {
		return f, errors.New("calendar_invitees_domains_type must be all, only_internal or one_or_more_external")
	}
	for name, into := range map[string]*time.Time{"created_after": &f.after, "created_before": &f.before} {
		if *into, err = parseTime(q.Get(name)); err != nil {
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

// parseTime accepts a date or an RFC 3339 timestamp. "" is the zero time.
func parseTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339Nano, text)
}

// matches reports whether GET /meetings lists m.
func (f meetingFilter) matches(m *meeting) bool {
	switch {
	case m.unlisted,
		!f.after.IsZero() && !m.createdAt.After(f.after),
		!f.before.IsZero() && !m.createdAt.Before(f.before),
		len(f.domains) > 0 && !slices.ContainsFunc(m.invitees, f.hasDomain),
		f.domainsType != "" && f.domainsType != "all" && f.domainsType != m.domainsType(),
		f.meetingType != "" && (m.meetingType == nil || *m.meetingType != f.meetingType),
		len(f.recordedBy) > 0 && !containsFold(f.recordedBy, m.recordedBy.Email),
		len(f.teams) > 0 && (m.recordedBy.Team == nil || !slices.Contains(f.teams, *m.recordedBy.Team)):
		return false
	}
	// Meetings recorded by people outside the organisation are listed only if a filter names hosts or teams.
	return m.recorded != nil || m.recordedBy.EmailDomain == organisation || len(f.recordedBy)+len(f.teams) > 0
}

func (f meetingFilter) hasDomain(i invitee) bool {
	return i.EmailDomain != nil && containsFold(f.domains, *i.EmailDomain)
}

func containsFold(list []string, text string) bool {
	return slices.ContainsFunc(list, func(item string) bool { return strings.EqualFold(item, text) })
}

// getMeetings handles GET /meetings.
func (s *Server) getMeetings(w http.ResponseWriter, r *http.Request, c client) {
	f, err := parseMeetingFilter(r.URL.Query())
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	if c.oauth && (f.want.summary || f.want.transcript) {
		// The docs do not allow these for OAuth apps and name no status. 400 is the only documented one that fits.
		writeError(w, http.StatusBadRequest, "include_summary and include_transcript are not available to OAuth apps")
		return
	}
	items := []map[string]any{}
	for _, m := range s.meetings.list() {
		if m.visibleFor(c) && f.matches(m) {
			items = append(items, m.toJSON(f.want, s.cfg.NullOptionals))
		}
	}
	if s.cfg.OldestFirst {
		slices.Reverse(items)
	}
	writePage(w, r, meetingsPageSize, items)
}
