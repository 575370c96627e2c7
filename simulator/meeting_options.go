package simulator

import (
	"slices"
	"strings"
	"time"
)

// MeetingOption changes a meeting in AddMeeting and Change.
type MeetingOption func(*meeting)

// Reasons for failed downloads, https://developers.fathom.ai/api-reference/openapi.yaml
// (RecordingDownload.failure_reason).
const (
	FailureGeneration = "generation_failed"
	FailureTimeout    = "generation_timeout"
)

// WithRecordingID sets the ID. Change rejects it.
func WithRecordingID(id int64) MeetingOption { return func(m *meeting) { m.id = id } }

// WithTitle sets the title of the meeting and of its calendar event.
func WithTitle(title string) MeetingOption {
	return func(m *meeting) {
		if m.summary != nil && m.summary.Markdown != nil {
			text := strings.ReplaceAll(*m.summary.Markdown, "["+m.title+"]", "["+title+"]")
			m.summary = &summary{TemplateName: m.summary.TemplateName, Markdown: &text}
		}
		m.title, m.meetingTitle = title, &title
	}
}

// WithCreatedAt sets the time at which the recording became ready, and all other times accordingly.
// Lists are sorted by this time.
func WithCreatedAt(at time.Time) MeetingOption {
	return func(m *meeting) { m.setTimes(at) }
}

// WithSize pads the recording to size bytes.
func WithSize(size int64) MeetingOption { return func(m *meeting) { m.size = size } }

// WithAnnouncement sets the content type and the size in bytes that downloads announce, whatever the file is. At
// Fathom, the size is 0 when it is unknown.
func WithAnnouncement(contentType string, size int64) MeetingOption {
	return func(m *meeting) { m.announced = &announcement{contentType, size} }
}

// WithClip sets the video by the name of its file in simulator/recordings, such as review.
func WithClip(name string) MeetingOption { return func(m *meeting) { m.clipName = name } }

// WithMeetingType sets the name of the meeting type. "" removes it.
func WithMeetingType(name string) MeetingOption {
	return func(m *meeting) { m.meetingType = nullable(name) }
}

// RecordedBy sets the host. If the address is outside the organisation, the meeting is listed only when
// a filter asks for its host or team.
func RecordedBy(name, email string) MeetingOption {
	return func(m *meeting) {
		_, domain, _ := strings.Cut(email, "@")
		m.recordedBy = user{Name: name, Email: email, EmailDomain: domain, Team: nullable(teamOf(email))}
	}
}

// OfTeam sets the team of the host, after RecordedBy.
func OfTeam(name string) MeetingOption {
	return func(m *meeting) { m.recordedBy.Team = nullable(name) }
}

// WithLines sets the transcript: one line per second, all spoken by the host. Without lines the
// transcript is empty, which also happens at Fathom.
func WithLines(lines ...string) MeetingOption {
	return func(m *meeting) {
		m.transcript = nil
		for i, line := range lines {
			m.transcript = append(m.transcript, transcriptItem{
				Speaker:   speaker{DisplayName: m.recordedBy.Name, Email: nullable(m.recordedBy.Email)},
				Text:      line,
				Timestamp: formatOffset(time.Duration(i) * time.Second),
			})
		}
	}
}

// WithSummary sets the summary in Markdown. "" removes it.
func WithSummary(markdown string) MeetingOption {
	return func(m *meeting) {
		m.summary = nil
		if markdown != "" {
			m.summary = &summary{TemplateName: nullable("General"), Markdown: &markdown}
		}
	}
}

// WithField sets a key of the JSON object to any value: null, an unknown enum value, or the value of an
// unknown key.
func WithField(name string, value any) MeetingOption {
	return func(m *meeting) {
		// The map is copied, because requests may be reading the meeting that m was copied from.
		fields := map[string]any{name: value}
		for k, v := range m.fields {
			if k != name {
				fields[k] = v
			}
		}
		m.fields = fields
	}
}

// WithoutField removes a key of the JSON object.
func WithoutField(name string) MeetingOption {
	return func(m *meeting) { m.withoutFields = append(slices.Clip(m.withoutFields), name) }
}

// VisibleTo hides the meeting from all clients except those with one of these keys or tokens.
func VisibleTo(keys ...string) MeetingOption {
	return func(m *meeting) { m.visibleTo = append([]string{}, keys...) }
}

// Limited lets clients view the recording but not download it. Download requests get a 403.
func Limited() MeetingOption { return func(m *meeting) { m.limited = true } }

// NoMedia removes the recording. Download requests get a 422.
func NoMedia() MeetingOption { return func(m *meeting) { m.noMedia = true } }

// AudioOnly removes the video from the recording. The 202 response to a download request then already
// includes the file.
func AudioOnly() MeetingOption { return func(m *meeting) { m.audioOnly = true } }

// FailGeneration makes every download of the recording fail with this reason.
func FailGeneration(reason string) MeetingOption { return FailGenerationTimes(reason, -1) }

// FailGenerationTimes makes the first n downloads of the recording fail with this reason. A negative n
// means all downloads.
func FailGenerationTimes(reason string, n int) MeetingOption {
	return func(m *meeting) { m.failReason, m.failTimes = reason, n }
}

// ExpiresAfter sets how long signed file URLs of the recording are valid.
func ExpiresAfter(d time.Duration) MeetingOption { return func(m *meeting) { m.expiresAfter = d } }

// ProcessingPolls sets how many status polls of a download report "processing".
func ProcessingPolls(n int) MeetingOption { return func(m *meeting) { m.polls = max(n, 0) } }

// ReadyAfter sets how long after its request a download is ready, by Config.Now, whatever the number of status polls.
func ReadyAfter(d time.Duration) MeetingOption { return func(m *meeting) { m.readyAfter = d } }

// Unlisted omits the meeting from GET /meetings. All other operations still find it.
func Unlisted() MeetingOption { return func(m *meeting) { m.unlisted = true } }

// Restored reverts Limited, NoMedia, FailGeneration and Unlisted.
func Restored() MeetingOption {
	return func(m *meeting) {
		m.limited, m.noMedia, m.unlisted, m.failReason, m.failTimes = false, false, false, "", 0
	}
}

// nullable converts a string to the value of a nullable JSON field: nil for "".
func nullable(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
