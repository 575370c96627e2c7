package simulator

import (
	"fmt"
	"time"
)

// maxEagerHash is the largest file, in bytes, whose checksum Meetings computes.
const maxEagerHash = 4 << 20

// Meeting is the ground truth about one meeting, which tests compare with their results.
type Meeting struct {
	RecordingID int64         `json:"recording_id"`
	Title       string        `json:"title"`
	URL         string        `json:"url"`
	ShareURL    string        `json:"share_url"`
	CreatedAt   time.Time     `json:"created_at"`
	Duration    time.Duration `json:"duration_ns"`
	ContentType string        `json:"content_type,omitempty"` // of the file; "" without media
	Size        int64         `json:"size_bytes"`             // of the file; 0 without media
	SHA256      string        `json:"sha256,omitempty"`       // of the file, in hex; see Meetings

	AudioOnly      bool   `json:"audio_only,omitempty"`
	Limited        bool   `json:"limited,omitempty"`
	NoMedia        bool   `json:"no_media,omitempty"`
	Unlisted       bool   `json:"unlisted,omitempty"`
	FailGeneration string `json:"fail_generation,omitempty"`
}

// HasVideo reports whether the meeting has a video that can be downloaded.
func (m Meeting) HasVideo() bool {
	return !m.AudioOnly && !m.Limited && !m.NoMedia && m.FailGeneration == ""
}

// Meetings returns the ground truth about all meetings, newest first. SHA256 is empty for files above
// 4 MiB, because their checksum takes a while to compute. Meeting computes it for one recording.
func (s *Server) Meetings() []Meeting {
	all := s.meetings.list()
	out := make([]Meeting, len(all))
	for i, m := range all {
		out[i] = m.groundTruth(maxEagerHash)
	}
	return out
}

// Meeting returns the ground truth about one recording, including its checksum. It returns false if the
// recording does not exist.
func (s *Server) Meeting(recordingID int64) (Meeting, bool) {
	m := s.meetings.find(recordingID)
	if m == nil {
		return Meeting{}, false
	}
	return m.groundTruth(-1), true
}

// groundTruth describes the meeting. It includes the checksum of files of up to maxHash bytes; a
// negative maxHash means no limit.
func (m *meeting) groundTruth(maxHash int64) Meeting {
	out := Meeting{
		RecordingID: m.id, Title: m.title, URL: m.callURL(), ShareURL: m.shareURL(),
		CreatedAt: m.createdAt, Duration: m.recordingEnd.Sub(m.recordingStart),
		AudioOnly: m.audioOnly, Limited: m.limited, NoMedia: m.noMedia, Unlisted: m.unlisted, FailGeneration: m.failReason,
	}
	if m.file != nil {
		out.ContentType, out.Size = m.file.clip.contentType, m.file.size
		if maxHash < 0 || out.Size <= maxHash {
			out.SHA256 = m.file.sha256()
		}
	}
	return out
}

func (m *meeting) callURL() string  { return fmt.Sprintf("https://fathom.video/calls/%d", m.callID) }
func (m *meeting) shareURL() string { return "https://fathom.video/share/" + m.shareToken }
