package fathom

import (
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// Meeting is a recorded call. Fields Fathom leaves out or sends as null are zero;
// texts that name one of a few values may hold one not known yet.
// https://developers.fathom.ai/api-reference
type Meeting struct {
	RecordingID  int64  `json:"recording_id"`  // the id to use everywhere
	Title        string `json:"title"`         // what Fathom shows
	MeetingTitle string `json:"meeting_title"` // of the calendar event
	MeetingType  string `json:"meeting_type"`
	URL          string `json:"url"`         // of the call; its last part is not RecordingID
	ShareURL     string `json:"share_url"`   // opens for whom it is shared with
	MeetingURL   string `json:"meeting_url"` // to join, at Zoom, Meet, Teams ...

	CreatedAt          time.Time `json:"created_at"`
	ScheduledStartTime time.Time `json:"scheduled_start_time"`
	ScheduledEndTime   time.Time `json:"scheduled_end_time"`
	RecordingStartTime time.Time `json:"recording_start_time"`
	RecordingEndTime   time.Time `json:"recording_end_time"`

	DomainsType        string    `json:"calendar_invitees_domains_type"` // only_internal, one_or_more_external
	SharedWith         string    `json:"shared_with"`                    // no_teams, single_team, multiple_teams, all_teams
	TranscriptLanguage string    `json:"transcript_language"`            // "en"; "unknown" was seen
	CalendarInvitees   []Invitee `json:"calendar_invitees"`
	RecordedBy         Host      `json:"recorded_by"`

	// Only when asked for.
	Transcript     []TranscriptItem `json:"transcript,omitempty"`
	DefaultSummary *Summary         `json:"default_summary,omitempty"`
	ActionItems    []ActionItem     `json:"action_items,omitempty"`
	Highlights     []Highlight      `json:"highlights,omitempty"`
	CRMMatches     *CRMMatches      `json:"crm_matches,omitempty"`

	// Raw is the object as it came, with fields this type does not know.
	Raw json.RawMessage `json:"-"`
}

// Duration is how long the recording runs, 0 when Fathom did not say.
func (m Meeting) Duration() time.Duration {
	if m.RecordingStartTime.IsZero() || m.RecordingEndTime.IsZero() {
		return 0
	}
	return max(m.RecordingEndTime.Sub(m.RecordingStartTime), 0)
}

// UnmarshalJSON keeps the raw object and forgives odd dates, but not an id that
// is no integer: everything hangs on it.
func (m *Meeting) UnmarshalJSON(data []byte) error {
	type plain Meeting
	read := struct {
		*plain
		CreatedAt          stamp `json:"created_at"`
		ScheduledStartTime stamp `json:"scheduled_start_time"`
		ScheduledEndTime   stamp `json:"scheduled_end_time"`
		RecordingStartTime stamp `json:"recording_start_time"`
		RecordingEndTime   stamp `json:"recording_end_time"`
	}{plain: (*plain)(m)}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	if m.RecordingID <= 0 {
		return errors.New("meeting without a recording_id")
	}
	m.CreatedAt = time.Time(read.CreatedAt)
	m.ScheduledStartTime = time.Time(read.ScheduledStartTime)
	m.ScheduledEndTime = time.Time(read.ScheduledEndTime)
	m.RecordingStartTime = time.Time(read.RecordingStartTime)
	m.RecordingEndTime = time.Time(read.RecordingEndTime)
	m.Raw = slices.Clone(data)
	return nil
}

// Host is who recorded a meeting.
type Host struct {
	Name        string `json:"name"`
	Email       string `json:"email"`
	EmailDomain string `json:"email_domain"`
	Team        string `json:"team"`
}

// Invitee is a person on the calendar event.
type Invitee struct {
	Name                      string `json:"name"`
	Email                     string `json:"email"`
	EmailDomain               string `json:"email_domain"`
	IsExternal                bool   `json:"is_external"`
	MatchedSpeakerDisplayName string `json:"matched_speaker_display_name"` // only with the transcript
}

// Summary is the meeting's summary by the account's default template.
type Summary struct {
	TemplateName string `json:"template_name"`
	Markdown     string `json:"markdown_formatted"`
}

// ActionItem is a thing to do that came up.
type ActionItem struct {
	Description   string   `json:"description"`
	UserGenerated bool     `json:"user_generated"`
	Completed     bool     `json:"completed"`
	Timestamp     string   `json:"recording_timestamp"` // HH:MM:SS
	PlaybackURL   string   `json:"recording_playback_url"`
	Assignee      Assignee `json:"assignee"`
}

// Assignee is who is to do it; all blank when nobody is.
type Assignee struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Team  string `json:"team"`
}

// Highlight is a bookmarked stretch of the recording.
type Highlight struct {
	Type      string  `json:"type"` // the bookmark's label
	Summary   string  `json:"summary"`
	Text      string  `json:"text"`       // only when it differs from Summary
	StartTime float64 `json:"start_time"` // seconds from the start
	EndTime   float64 `json:"end_time"`
}

// CRMMatches are the records the account's CRM has about the meeting.
type CRMMatches struct {
	Contacts  []CRMContact `json:"contacts"`
	Companies []CRMCompany `json:"companies"`
	Deals     []CRMDeal    `json:"deals"`
	Error     string       `json:"error"` // "No CRM connected"
}

// CRMContact is a person in the CRM.
type CRMContact struct {
	Name      string `json:"name"`
	Email     string `json:"email"`
	RecordURL string `json:"record_url"`
}

// CRMCompany is a company in the CRM.
type CRMCompany struct {
	Name      string `json:"name"`
	RecordURL string `json:"record_url"`
}

// CRMDeal is a deal in the CRM.
type CRMDeal struct {
	Name      string  `json:"name"`
	Amount    float64 `json:"amount"` // US dollars
	RecordURL string  `json:"record_url"`
}

// stamp reads a date in any of the forms seen and takes others for unknown: a
// meeting with an odd date is still a meeting.
type stamp time.Time

func (s *stamp) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			*s = stamp(t)
			return nil
		}
	}
	return nil
}
