package simulator

import (
	"maps"
	"time"
)

// The JSON objects of https://developers.fathom.ai/api-reference/openapi.yaml. A nil pointer is null.
type (
	user struct {
		Name        string  `json:"name"`
		Email       string  `json:"email"`
		EmailDomain string  `json:"email_domain"`
		Team        *string `json:"team"`
	}
	invitee struct {
		Name        *string `json:"name"`
		Email       *string `json:"email"`
		EmailDomain *string `json:"email_domain"`
		IsExternal  bool    `json:"is_external"`
		Speaker     *string `json:"matched_speaker_display_name,omitempty"`
	}
	speaker struct {
		DisplayName string  `json:"display_name"`
		Email       *string `json:"matched_calendar_invitee_email"`
	}
	transcriptItem struct {
		Speaker   speaker `json:"speaker"`
		Text      string  `json:"text"`
		Timestamp string  `json:"timestamp"`
	}
	summary struct {
		TemplateName *string `json:"template_name"`
		Markdown     *string `json:"markdown_formatted"`
	}
	assignee struct {
		Name  *string `json:"name"`
		Email *string `json:"email"`
		Team  *string `json:"team"`
	}
	actionItem struct {
		Description   string   `json:"description"`
		UserGenerated bool     `json:"user_generated"`
		Completed     bool     `json:"completed"`
		Timestamp     string   `json:"recording_timestamp"`
		PlaybackURL   string   `json:"recording_playback_url"`
		Assignee      assignee `json:"assignee"`
	}
	highlight struct {
		Type      string  `json:"type"`
		Summary   *string `json:"summary"`
		Text      string  `json:"text,omitempty"`
		StartTime float64 `json:"start_time"`
		EndTime   float64 `json:"end_time"`
	}
	crmRecord struct {
		Name      string   `json:"name"`
		Email     string   `json:"email,omitempty"`
		Amount    *float64 `json:"amount,omitempty"`
		RecordURL string   `json:"record_url"`
	}
	crmMatches struct {
		Contacts  []crmRecord `json:"contacts,omitempty"`
		Companies []crmRecord `json:"companies,omitempty"`
		Deals     []crmRecord `json:"deals,omitempty"`
		Error     *string     `json:"error,omitempty"`
	}
)

// parts selects the optional parts of a meeting.
type parts struct {
	actionItems, crm, highlights, summary, transcript bool
}

// leaveOut removes the parts that were not requested from a meeting's object or, if nulls is set, makes them null.
func (want parts) leaveOut(object map[string]any, nulls bool) {
	for name, wanted := range map[string]bool{
		"action_items": want.actionItems, "crm_matches": want.crm, "highlights": want.highlights,
		"default_summary": want.summary, "transcript": want.transcript,
	} {
		_, has := object[name]
		switch {
		case wanted || !has:
		case nulls:
			object[name] = nil
		default:
			delete(object, name)
		}
	}
}

// toJSON returns the meeting as the API represents it. Parts that were not requested are absent, or null
// if nulls is set.
func (m *meeting) toJSON(want parts, nulls bool) map[string]any {
	if m.recorded != nil {
		out := maps.Clone(m.recorded)
		want.leaveOut(out, nulls)
		return out
	}
	out := map[string]any{
		"recording_id":                   m.id,
		"title":                          m.title,
		"meeting_title":                  m.meetingTitle,
		"meeting_type":                   m.meetingType,
		"url":                            m.callURL(),
		"share_url":                      m.shareURL(),
		"meeting_url":                    m.meetingURL,
		"created_at":                     formatTime(m.createdAt),
		"scheduled_start_time":           formatTime(m.scheduledStart),
		"scheduled_end_time":             formatTime(m.scheduledEnd),
		"recording_start_time":           formatTime(m.recordingStart),
		"recording_end_time":             formatTime(m.recordingEnd),
		"calendar_invitees_domains_type": m.domainsType(),
		"shared_with":                    m.sharedWith,
		"transcript_language":            m.language,
		"calendar_invitees":              m.inviteesFor(want),
		"recorded_by":                    m.recordedBy,
	}
	maps.Copy(out, map[string]any{
		"action_items":    append([]actionItem{}, m.actions...),
		"crm_matches":     m.crm,
		"highlights":      append([]highlight{}, m.highlights...),
		"default_summary": m.summary,
		"transcript":      append([]transcriptItem{}, m.transcript...),
	})
	want.leaveOut(out, nulls)
	maps.Copy(out, m.fields)
	for _, name := range m.withoutFields {
		delete(out, name)
	}
	return out
}

// inviteesFor omits the matched speakers unless the transcript, which they refer to, is included.
func (m *meeting) inviteesFor(want parts) []invitee {
	out := append([]invitee{}, m.invitees...)
	if !want.transcript {
		for i := range out {
			out[i].Speaker = nil
		}
	}
	return out
}

// formatTime formats a time as the API does.
func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
