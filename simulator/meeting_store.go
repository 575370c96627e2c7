package simulator

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// hashedAtOnce is up to which size Meetings computes checksums by itself.
const hashedAtOnce = 4 << 20

// Meeting is the ground truth of one meeting, for a test to compare with.
type Meeting struct {
	RecordingID int64         `json:"recording_id"`
	Title       string        `json:"title"`
	URL         string        `json:"url"`
	ShareURL    string        `json:"share_url"`
	CreatedAt   time.Time     `json:"created_at"`
	Duration    time.Duration `json:"duration_ns"`
	ContentType string        `json:"content_type,omitempty"` // of the file, "" without media
	Size        int64         `json:"size_bytes"`
	SHA256      string        `json:"sha256,omitempty"` // hex, see Meetings

	AudioOnly      bool   `json:"audio_only,omitempty"`
	Limited        bool   `json:"limited,omitempty"`
	NoMedia        bool   `json:"no_media,omitempty"`
	Unlisted       bool   `json:"unlisted,omitempty"`
	FailGeneration string `json:"fail_generation,omitempty"`
}

// Plain tells whether the meeting has a video that can be downloaded without trouble.
func (m Meeting) Plain() bool {
	return !m.AudioOnly && !m.Limited && !m.NoMedia && m.FailGeneration == ""
}

// library holds the meetings, newest first.
type library struct {
	cfg   Config
	mu    sync.RWMutex
	made  int // how many were generated so far, the default ones included
	first []*meeting
	all   []*meeting
}

func newLibrary(cfg Config) (*library, error) {
	l := &library{cfg: cfg}
	now := cfg.Now()
	for i := range max(cfg.Meetings, 0) {
		m := generate(cfg, i, pastSlot(now, i))
		if err := m.finish(cfg); err != nil {
			return nil, fmt.Errorf("make meeting: %w", err)
		}
		l.first = append(l.first, m)
	}
	l.reset()
	return l, nil
}

func (l *library) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all, l.made = slices.Clone(l.first), len(l.first)
}

// list is a snapshot.
func (l *library) list() []*meeting {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return slices.Clone(l.all)
}

// find gives a meeting by its recording id, nil when there is none.
func (l *library) find(id int64) *meeting {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if i := l.index(id); i >= 0 {
		return l.all[i]
	}
	return nil
}

// findFor gives what c may see of a recording id taken from a path.
func (l *library) findFor(c client, id string) *meeting {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil
	}
	if m := l.find(number); m != nil && m.visible(c) {
		return m
	}
	return nil
}

func (l *library) index(id int64) int {
	return slices.IndexFunc(l.all, func(m *meeting) bool { return m.id == id })
}

// visible tells whether the caller may see the meeting at all.
func (m *meeting) visible(c client) bool {
	return m.visibleTo == nil || slices.Contains(m.visibleTo, c.key)
}

// AddMeeting adds a meeting that has just ended, unless options say otherwise. Its recording id is the next free one.
func (s *Server) AddMeeting(options ...MeetingOption) (Meeting, error) {
	l := s.library
	l.mu.Lock()
	defer l.mu.Unlock()
	m := generate(l.cfg, l.made, l.cfg.Now())
	for l.index(m.id) >= 0 {
		m.id++
	}
	for _, option := range options {
		option(m)
	}
	if err := m.finish(l.cfg); err != nil {
		return Meeting{}, fmt.Errorf("add meeting: %w", err)
	}
	if l.index(m.id) >= 0 {
		return Meeting{}, fmt.Errorf("add meeting: recording %d exists", m.id)
	}
	l.made++
	l.all = append(l.all, m)
	l.sort()
	return m.truth(hashedAtOnce), nil
}

// Change applies options to a meeting that exists, as when its host changes the title or the sharing.
func (s *Server) Change(recordingID int64, options ...MeetingOption) (Meeting, error) {
	l := s.library
	l.mu.Lock()
	defer l.mu.Unlock()
	i := l.index(recordingID)
	if i < 0 {
		return Meeting{}, fmt.Errorf("change meeting: recording %d is unknown", recordingID)
	}
	m := *l.all[i]
	for _, option := range options {
		option(&m)
	}
	if m.id != recordingID {
		return Meeting{}, fmt.Errorf("change meeting: recording %d keeps its id", recordingID)
	}
	if err := m.finish(l.cfg); err != nil {
		return Meeting{}, fmt.Errorf("change meeting: %w", err)
	}
	l.all[i] = &m
	l.sort()
	return m.truth(hashedAtOnce), nil
}

func (l *library) sort() {
	slices.SortStableFunc(l.all, func(a, b *meeting) int { return cmp.Compare(b.createdAt.UnixNano(), a.createdAt.UnixNano()) })
}

// Meetings is the ground truth, newest first. SHA256 is left empty for files above 4 MiB, where it takes a while: ask
// Meeting for one of those.
func (s *Server) Meetings() []Meeting {
	all := s.library.list()
	out := make([]Meeting, len(all))
	for i, m := range all {
		out[i] = m.truth(hashedAtOnce)
	}
	return out
}

// Meeting is the ground truth of one recording, always with its checksum.
func (s *Server) Meeting(recordingID int64) (Meeting, bool) {
	m := s.library.find(recordingID)
	if m == nil {
		return Meeting{}, false
	}
	return m.truth(-1), true
}

// truth tells everything, with the checksum of files up to hashLimit bytes (negative: any).
func (m *meeting) truth(hashLimit int64) Meeting {
	out := Meeting{
		RecordingID: m.id, Title: m.title, URL: m.callURL(), ShareURL: m.shareURL(),
		CreatedAt: m.createdAt, Duration: m.recordingEnd.Sub(m.recordingStart),
		AudioOnly: m.audioOnly, Limited: m.limited, NoMedia: m.noMedia, Unlisted: m.unlisted, FailGeneration: m.failReason,
	}
	if m.file != nil {
		out.ContentType, out.Size = m.file.clip.contentType, m.file.size
		if hashLimit < 0 || out.Size <= hashLimit {
			out.SHA256, _ = m.file.hash() // reads from memory, cannot fail
		}
	}
	return out
}

func (m *meeting) callURL() string  { return fmt.Sprintf("https://fathom.video/calls/%d", m.callID) }
func (m *meeting) shareURL() string { return "https://fathom.video/share/" + m.shareToken }
