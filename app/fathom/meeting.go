package fathom

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// Meeting is a recorded call. Fields that Fathom leaves out or sends as null are zero. A text field with
// a fixed set of values may hold a value that is not listed here.
// https://developers.fathom.ai/api-reference
type Meeting struct {
	RecordingID  int64  `json:"recording_id"`  // the id that every other endpoint takes
	Title        string `json:"title"`         // as Fathom shows it
	MeetingTitle string `json:"meeting_title"` // of the calendar event
	MeetingType  string `json:"meeting_type"`
	URL          string `json:"url"`         // of the call; its last part is not RecordingID
	ShareURL     string `json:"share_url"`   // opens for the people it is shared with
	MeetingURL   string `json:"meeting_url"` // to join the call, at Zoom, Meet, Teams ...

	CreatedAt          time.Time `json:"created_at"`
	ScheduledStartTime time.Time `json:"scheduled_start_time"`
	ScheduledEndTime   time.Time `json:"scheduled_end_time"`
	RecordingStartTime time.Time `json:"recording_start_time"`
	RecordingEndTime   time.Time `json:"recording_end_time"`

	DomainsType        string    `json:"calendar_invitees_domains_type"` // only_internal, one_or_more_external
	SharedWith         string    `json:"shared_with"`                    // no_teams, single_team, multiple_teams, all_teams
	TranscriptLanguage string    `json:"transcript_language"`            // such as "en", or "unknown"
	CalendarInvitees   []Invitee `json:"calendar_invitees"`
	RecordedBy         Host      `json:"recorded_by"`

	// These fields are set only when the query includes them.
	Transcript     []TranscriptItem `json:"transcript,omitempty"`
	DefaultSummary *Summary         `json:"default_summary,omitempty"`
	ActionItems    []ActionItem     `json:"action_items,omitempty"`
	Highlights     []Highlight      `json:"highlights,omitempty"`

	// Raw is the received object, including fields that this type lacks.
	Raw json.RawMessage `json:"-"`
}

// Duration is the length of the recording, or 0 when Fathom gives no start or end.
func (m Meeting) Duration() time.Duration {
	if m.RecordingStartTime.IsZero() || m.RecordingEndTime.IsZero() {
		return 0
	}
	return max(m.RecordingEndTime.Sub(m.RecordingStartTime), 0)
}

// UnmarshalJSON keeps the raw object and tolerates malformed dates and an id in quotes. It rejects an id that is
// not a positive integer, because everything else is found by it.
func (m *Meeting) UnmarshalJSON(data []byte) error {
	type plain Meeting
	read := struct {
		*plain
		RecordingID        lenientID   `json:"recording_id"`
		CreatedAt          lenientTime `json:"created_at"`
		ScheduledStartTime lenientTime `json:"scheduled_start_time"`
		ScheduledEndTime   lenientTime `json:"scheduled_end_time"`
		RecordingStartTime lenientTime `json:"recording_start_time"`
		RecordingEndTime   lenientTime `json:"recording_end_time"`
	}{plain: (*plain)(m)}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	m.RecordingID = int64(read.RecordingID)
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

// Host is the person who recorded a meeting.
type Host struct {
	Name        string `json:"name"`
	Email       string `json:"email"`
	EmailDomain string `json:"email_domain"`
	Team        Team   `json:"team"`
}

// Team is the name of a team.
type Team string

// UnmarshalJSON accepts the name, or an object that has it.
func (t *Team) UnmarshalJSON(data []byte) error {
	if !bytes.HasPrefix(data, []byte("{")) {
		return json.Unmarshal(data, (*string)(t))
	}
	var object struct {
		Name string `json:"name"`
	}
	err := json.Unmarshal(data, &object)
	*t = Team(object.Name)
	return err
}

// Invitee is a person on the calendar event.
type Invitee struct {
	Name                      string `json:"name"`
	Email                     string `json:"email"`
	EmailDomain               string `json:"email_domain"`
	IsExternal                bool   `json:"is_external"`
	MatchedSpeakerDisplayName string `json:"matched_speaker_display_name"` // only with the transcript
}

// Summary is the meeting's summary in the account's default template.
type Summary struct {
	TemplateName string `json:"template_name"`
	Markdown     string `json:"markdown_formatted"`
}

// ActionItem is a task from the meeting.
type ActionItem struct {
	Description   string   `json:"description"`
	UserGenerated bool     `json:"user_generated"`
	Completed     bool     `json:"completed"`
	Timestamp     string   `json:"recording_timestamp"` // HH:MM:SS
	PlaybackURL   string   `json:"recording_playback_url"`
	Assignee      Assignee `json:"assignee"`
}

// Assignee is the person assigned to an action item; its fields are blank when nobody is.
type Assignee struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Team  string `json:"team"`
}

// Highlight is a bookmarked part of the recording.
type Highlight struct {
	Type      string  `json:"type"` // label of the bookmark
	Summary   string  `json:"summary"`
	Text      string  `json:"text"`       // only when it differs from Summary
	StartTime float64 `json:"start_time"` // seconds from the start of the recording
	EndTime   float64 `json:"end_time"`   // seconds from the start of the recording
}

// lenientID reads an integer, which may be in quotes.
type lenientID int64

func (id *lenientID) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil && text != "" {
		data = []byte(text)
	}
	return json.Unmarshal(data, (*int64)(id))
}

// lenientTime reads a date in any format seen from Fathom. Any other value is zero: a meeting with a
// malformed date is still a meeting.
type lenientTime time.Time

func (t *lenientTime) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", time.DateOnly} {
		if parsed, err := time.Parse(layout, text); err == nil {
			*t = lenientTime(parsed)
			return nil
		}
	}
	return nil
}
