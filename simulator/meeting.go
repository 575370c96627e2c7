package simulator

import (
	"slices"
	"time"
)

// meeting is one recorded meeting. A meeting in the store is never modified, only replaced, so requests
// may read it without a lock.
type meeting struct {
	id           int64
	callID       int64 // differs from the recording ID, as at Fathom
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
	size          int64         // requested size of the file in bytes; 0 means Config.RecordingSize
	file          *file         // nil without media
	announced     *announcement // nil means the real type and size of file
	limited       bool
	noMedia       bool
	audioOnly     bool
	unlisted      bool
	failReason    string
	failTimes     int // number of downloads that fail; negative means all
	expiresAfter  time.Duration
	polls         int           // negative means Config.ProcessingPolls
	readyAfter    time.Duration // replaces polls unless it is 0
	visibleTo     []string      // keys and tokens; nil means all
	fields        map[string]any
	withoutFields []string
	recorded      map[string]any // the object of a report, which replaces the generated one; see Recorded
}

// announcement is what downloads tell about a file.
type announcement struct {
	contentType string
	size        int64 // bytes
}

// domainsType is the value of calendar_invitees_domains_type.
func (m *meeting) domainsType() string {
	if slices.ContainsFunc(m.invitees, func(i invitee) bool { return i.IsExternal }) {
		return "one_or_more_external"
	}
	return "only_internal"
}

// visibleFor reports whether a client may see the meeting at all.
func (m *meeting) visibleFor(c client) bool {
	return m.visibleTo == nil || slices.Contains(m.visibleTo, c.key)
}

// setTimes sets all times of a meeting whose recording became ready at the given time.
func (m *meeting) setTimes(ready time.Time) {
	ready = ready.UTC().Truncate(time.Second)
	m.createdAt = ready
	m.scheduledEnd = ready.Truncate(15 * time.Minute)
	m.scheduledStart = m.scheduledEnd.Add(-30 * time.Minute)
	m.recordingStart = m.scheduledStart.Add(40 * time.Second)
	if m.meetingTitle == nil { // an impromptu meeting has no calendar event
		m.scheduledStart, m.scheduledEnd = m.recordingStart, m.recordingStart
	}
}

// deriveFile sets the file, and the end of the recording to match the file's duration. It must be called
// after the other fields have changed.
func (m *meeting) deriveFile(cfg Config) error {
	all, err := clips()
	if err != nil {
		return err
	}
	c := all[m.clipName]
	if m.audioOnly {
		c = all["voice"]
	}
	m.recordingEnd = m.recordingStart.Add(c.duration.Round(time.Second))
	if !m.scheduledEnd.After(m.scheduledStart) {
		m.scheduledEnd = m.recordingEnd
	}
	m.file = nil
	if m.noMedia {
		return nil
	}
	size := m.size
	if size == 0 {
		size = cfg.RecordingSize
	}
	m.file, err = newFile(c, m.id, size)
	return err
}
