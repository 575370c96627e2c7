package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
)

// meetingStore holds the meetings, newest first.
type meetingStore struct {
	cfg       Config
	initial   []*meeting // the meetings that New generated
	mu        sync.RWMutex
	all       []*meeting
	generated int // number of meetings generated so far, including the initial ones
}

func newMeetingStore(cfg Config) (*meetingStore, error) {
	st := &meetingStore{cfg: cfg}
	if cfg.Recorded != nil {
		recorded, err := cfg.Recorded.generate(cfg)
		if err != nil {
			return nil, err
		}
		st.initial = recorded
		st.reset()
		return st, nil
	}
	now := cfg.Now()
	for i := range max(cfg.Meetings, 0) {
		m := generateMeeting(cfg, i, pastMeetingEnd(now, i))
		if err := m.deriveFile(cfg); err != nil {
			return nil, fmt.Errorf("generate meeting: %w", err)
		}
		st.initial = append(st.initial, m)
	}
	st.reset()
	return st, nil
}

func (st *meetingStore) reset() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.all, st.generated = slices.Clone(st.initial), len(st.initial)
}

// list returns a snapshot of all meetings.
func (st *meetingStore) list() []*meeting {
	st.mu.RLock()
	defer st.mu.RUnlock()
	return slices.Clone(st.all)
}

// find returns the meeting with a recording ID, or nil.
func (st *meetingStore) find(id int64) *meeting {
	st.mu.RLock()
	defer st.mu.RUnlock()
	if i := st.index(id); i >= 0 {
		return st.all[i]
	}
	return nil
}

// findVisible returns the meeting with a recording ID from a URL path, or nil if it does not exist or c
// may not see it.
func (st *meetingStore) findVisible(c client, id string) *meeting {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil
	}
	if m := st.find(number); m != nil && m.visibleFor(c) {
		return m
	}
	return nil
}

func (st *meetingStore) index(id int64) int {
	return slices.IndexFunc(st.all, func(m *meeting) bool { return m.id == id })
}

func (st *meetingStore) sort() {
	slices.SortStableFunc(st.all, func(a, b *meeting) int { return b.createdAt.Compare(a.createdAt) })
}

// AddMeeting adds a generated meeting, changed by options. By default it has just ended and gets the
// next free recording ID. AddMeeting returns an error if the recording ID is taken or the size is too
// small.
func (s *Server) AddMeeting(options ...MeetingOption) (Meeting, error) {
	st := s.meetings
	st.mu.Lock()
	defer st.mu.Unlock()
	m := generateMeeting(st.cfg, st.generated, st.cfg.Now())
	for st.index(m.id) >= 0 {
		m.id++
	}
	for _, option := range options {
		option(m)
	}
	if err := m.deriveFile(st.cfg); err != nil {
		return Meeting{}, fmt.Errorf("add meeting: %w", err)
	}
	if st.index(m.id) >= 0 {
		return Meeting{}, fmt.Errorf("add meeting: recording %d already exists", m.id)
	}
	st.generated++
	st.all = append(st.all, m)
	st.sort()
	return m.groundTruth(maxEagerHash), nil
}

// Change applies options to an existing meeting, as if its host had changed the title or the sharing.
// It returns an error if the recording is unknown, an option changes its ID or the size is too small.
func (s *Server) Change(recordingID int64, options ...MeetingOption) (Meeting, error) {
	st := s.meetings
	st.mu.Lock()
	defer st.mu.Unlock()
	i := st.index(recordingID)
	if i < 0 {
		return Meeting{}, fmt.Errorf("change meeting: unknown recording %d", recordingID)
	}
	m := *st.all[i]
	for _, option := range options {
		option(&m)
	}
	if m.id != recordingID {
		return Meeting{}, fmt.Errorf("change meeting: the ID of recording %d cannot be changed", recordingID)
	}
	if err := m.deriveFile(st.cfg); err != nil {
		return Meeting{}, fmt.Errorf("change meeting: %w", err)
	}
	st.all[i] = &m
	st.sort()
	return m.groundTruth(maxEagerHash), nil
}
