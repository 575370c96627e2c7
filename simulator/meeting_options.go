package simulator

import (
	"strings"
	"time"
)

// MeetingOption shapes a meeting in AddMeeting and Change.
type MeetingOption func(*meeting)

// Reasons of failed downloads, https://developers.fathom.ai/api-reference/openapi.yaml (RecordingDownload.failure_reason).
const (
	FailureGeneration = "generation_failed"
	FailureTimeout    = "generation_timeout"
)

// WithRecordingID chooses the id; only for AddMeeting.
func WithRecordingID(id int64) MeetingOption { return func(m *meeting) { m.id = id } }

// WithTitle changes the title and the calendar event's.
func WithTitle(title string) MeetingOption {
	return func(m *meeting) {
		if m.summary != nil && m.summary.Markdown != nil {
			text := strings.ReplaceAll(*m.summary.Markdown, "["+m.title+"]", "["+title+"]")
			m.summary = &summary{TemplateName: m.summary.TemplateName, Markdown: &text}
		}
		m.title, m.meetingTitle = title, &title
	}
}

// WithCreatedAt moves the meeting in time; the list is sorted by it.
func WithCreatedAt(at time.Time) MeetingOption {
	return func(m *meeting) { m.moveTo(at) }
}

// WithSize pads the recording to so many bytes.
func WithSize(size int64) MeetingOption { return func(m *meeting) { m.size = size } }

// WithMeetingType sets the name of the meeting type, "" for none.
func WithMeetingType(name string) MeetingOption {
	return func(m *meeting) { m.meetingType = optional(name) }
}

// RecordedBy sets the host. An address outside the organisation makes it a call that is listed only on request.
func RecordedBy(name, email string) MeetingOption {
	return func(m *meeting) {
		_, domain, _ := strings.Cut(email, "@")
		m.recordedBy = user{Name: name, Email: email, EmailDomain: domain, Team: optional(teamOf(email))}
	}
}

// WithLines gives the transcript, one line a second, all said by the host. No lines make it empty, as happens.
func WithLines(lines ...string) MeetingOption {
	return func(m *meeting) {
		m.transcript = nil
		for i, line := range lines {
			m.transcript = append(m.transcript, transcriptItem{
				Speaker:   speaker{DisplayName: m.recordedBy.Name, Email: optional(m.recordedBy.Email)},
				Text:      line,
				Timestamp: clockTime(time.Duration(i) * time.Second),
			})
		}
	}
}

// WithSummary gives the summary in Markdown, "" for none at all.
func WithSummary(markdown string) MeetingOption {
	return func(m *meeting) {
		m.summary = nil
		if markdown != "" {
			m.summary = &summary{TemplateName: optional("General"), Markdown: &markdown}
		}
	}
}

// WithField puts any value under a key of the meeting object: null, an unknown enum value, a key nobody knows.
func WithField(name string, value any) MeetingOption {
	return func(m *meeting) {
		fields := map[string]any{name: value}
		for k, v := range m.fields { // copied: the meeting it came from is being read
			if k != name {
				fields[k] = v
			}
		}
		m.fields = fields
	}
}

// WithoutField leaves a key of the meeting object out.
func WithoutField(name string) MeetingOption {
	return func(m *meeting) {
		m.withoutFields = append(m.withoutFields[:len(m.withoutFields):len(m.withoutFields)], name)
	}
}

// VisibleTo hides the meeting from everybody but these keys and tokens.
func VisibleTo(keys ...string) MeetingOption {
	return func(m *meeting) { m.visibleTo = append([]string{}, keys...) }
}

// Limited is a share that may be viewed but not downloaded: 403 on download.
func Limited() MeetingOption { return func(m *meeting) { m.limited = true } }

// NoMedia is a meeting without a recording: 422 on download.
func NoMedia() MeetingOption { return func(m *meeting) { m.noMedia = true } }

// AudioOnly is a recording without video; its download is complete in the 202 already.
func AudioOnly() MeetingOption { return func(m *meeting) { m.audioOnly = true } }

// FailGeneration makes every download of the recording fail with this reason.
func FailGeneration(reason string) MeetingOption { return FailGenerationTimes(reason, -1) }

// FailGenerationTimes makes the first n downloads of the recording fail with this reason.
func FailGenerationTimes(reason string, n int) MeetingOption {
	return func(m *meeting) { m.failReason, m.failTimes = reason, n }
}

// ExpiresAfter is how long signed file URLs of the recording live.
func ExpiresAfter(d time.Duration) MeetingOption { return func(m *meeting) { m.expiresAfter = d } }

// ProcessingPolls is how many status polls answer "processing".
func ProcessingPolls(n int) MeetingOption { return func(m *meeting) { m.polls = max(n, 0) } }

// Unlisted leaves the meeting out of GET /meetings; everything else about it works.
func Unlisted() MeetingOption { return func(m *meeting) { m.unlisted = true } }

// Restored takes Limited, NoMedia, FailGeneration and Unlisted back.
func Restored() MeetingOption {
	return func(m *meeting) {
		m.limited, m.noMedia, m.unlisted, m.failReason, m.failTimes = false, false, false, "", 0
	}
}

// optional is text as a nullable field has it.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
