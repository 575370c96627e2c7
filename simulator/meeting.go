package simulator

import (
	"maps"
	"slices"
	"time"
)

// meeting is one recorded meeting. It is never changed once it is in the library, only replaced, so that requests may
// read it without a lock.
type meeting struct {
	id           int64
	callID       int64 // another number than the recording's, as at Fathom
	shareToken   string
	title        string
	meetingTitle *string
	meetingType  *string
	meetingURL   *string
	sharedWith   string
	language     string

	createdAt      time.Time
	scheduledStart time.Time
	scheduledEnd   time.Time
	recordingStart time.Time
	recordingEnd   time.Time

	invitees   []invitee
	recordedBy user
	transcript []transcriptItem
	summary    *summary
	actions    []actionItem
	highlights []highlight
	crm        crmMatches

	clipName      string
	size          int64 // wanted size of the file, 0 for the clip's own
	file          *file // nil when there is no media
	limited       bool
	noMedia       bool
	audioOnly     bool
	unlisted      bool
	failReason    string
	failTimes     int // negative: always
	expiresAfter  time.Duration
	polls         int      // negative: as configured
	visibleTo     []string // keys and tokens, nil for all
	fields        map[string]any
	withoutFields []string
}

// The objects of https://developers.fathom.ai/api-reference/openapi.yaml as they travel. Pointers are null when not set.
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

// parts says which optional parts of a meeting were asked for.
type parts struct {
	actionItems, crm, highlights, summary, transcript bool
}

// domainsType tells whether somebody from outside was invited.
func (m *meeting) domainsType() string {
	if slices.ContainsFunc(m.invitees, func(i invitee) bool { return i.IsExternal }) {
		return "one_or_more_external"
	}
	return "only_internal"
}

// wire is the meeting as the API shows it. What was not asked for is absent, or null with nulls.
func (m *meeting) wire(want parts, nulls bool) map[string]any {
	out := map[string]any{
		"recording_id":                   m.id,
		"title":                          m.title,
		"meeting_title":                  m.meetingTitle,
		"meeting_type":                   m.meetingType,
		"url":                            m.callURL(),
		"share_url":                      m.shareURL(),
		"meeting_url":                    m.meetingURL,
		"created_at":                     stamp(m.createdAt),
		"scheduled_start_time":           stamp(m.scheduledStart),
		"scheduled_end_time":             stamp(m.scheduledEnd),
		"recording_start_time":           stamp(m.recordingStart),
		"recording_end_time":             stamp(m.recordingEnd),
		"calendar_invitees_domains_type": m.domainsType(),
		"shared_with":                    m.sharedWith,
		"transcript_language":            m.language,
		"calendar_invitees":              m.inviteesFor(want),
		"recorded_by":                    m.recordedBy,
	}
	for name, part := range map[string]struct {
		wanted bool
		value  any
	}{
		"action_items":    {want.actionItems, append([]actionItem{}, m.actions...)},
		"crm_matches":     {want.crm, m.crm},
		"highlights":      {want.highlights, append([]highlight{}, m.highlights...)},
		"default_summary": {want.summary, m.summary},
		"transcript":      {want.transcript, append([]transcriptItem{}, m.transcript...)},
	} {
		if part.wanted {
			out[name] = part.value
		} else if nulls {
			out[name] = nil
		}
	}
	maps.Copy(out, m.fields)
	for _, name := range m.withoutFields {
		delete(out, name)
	}
	return out
}

// inviteesFor leaves the matched speaker out unless the transcript is there to match with.
func (m *meeting) inviteesFor(want parts) []invitee {
	out := append([]invitee{}, m.invitees...)
	if !want.transcript {
		for i := range out {
			out[i].Speaker = nil
		}
	}
	return out
}

// stamp is a time as the API writes it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
