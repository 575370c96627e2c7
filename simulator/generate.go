package simulator

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// firstRecordingID is the newest meeting of the default set; the older ones count up from it.
const firstRecordingID = 1001

// minForSpecials is how many meetings it takes for the last four to be the special ones, so that the first page of ten
// is always plain videos.
const minForSpecials = 14

// generate makes the i-th meeting (0 is the newest of the default set), which ended at the given time. The same seed
// and i give the same meeting, but for its times.
func generate(cfg Config, i int, ended time.Time) *meeting {
	c := book()
	plan := c.meetings[i%len(c.meetings)]
	special := -1 // 0..3 for the last four
	if cfg.Meetings >= minForSpecials && i < cfg.Meetings {
		special = i - (cfg.Meetings - 4)
		// The last four keep the plans that were written for them, however many there are in between.
		if special >= 0 {
			plan = c.meetings[len(c.meetings)-4+special]
		}
	}
	subject := c.topics[plan.Topic]
	rng := rand.New(rand.NewPCG(cfg.Seed, uint64(i)))
	m := &meeting{
		id:           firstRecordingID + int64(i),
		callID:       200_000_000 + int64(i)*7919,
		shareToken:   token(rng, 16),
		title:        plan.Title,
		meetingTitle: optional(plan.Title),
		meetingType:  optional(subject.Type),
		meetingURL:   optional("https://meet.northwind.example/" + token(rng, 5)),
		sharedWith:   []string{"no_teams", "single_team", "multiple_teams", "all_teams"}[rng.IntN(4)],
		language:     "en",
		clipName:     subject.Clip,
		polls:        -1,
		expiresAfter: DefaultExpiry,
		recordedBy:   personCalled(plan.Host).asUser(),
	}
	if again := i / len(c.meetings); again > 0 && special < 0 {
		m.title = fmt.Sprintf("%s (%d)", plan.Title, again+1)
		m.meetingTitle = optional(m.title)
	}
	if plan.Impromptu {
		m.meetingTitle, m.meetingURL, m.language = nil, nil, "unknown"
	}
	speakers := []person{personCalled(plan.Host)}
	for _, key := range append(append([]string{}, plan.With...), plan.Guests...) {
		speakers = append(speakers, personCalled(key))
	}
	if !plan.Impromptu {
		for _, p := range speakers {
			m.invitees = append(m.invitees, p.asInvitee())
		}
	}
	m.moveTo(ended)
	m.write(rng, subject, speakers)
	switch special {
	case 0:
		m.audioOnly = true
	case 1:
		m.limited = true
	case 2:
		m.noMedia = true
	case 3:
		m.failReason, m.failTimes = FailureGeneration, -1
	}
	return m
}

// pastSlot is when the i-th meeting ended: two a working day, back from the day before now.
func pastSlot(now time.Time, i int) time.Time {
	day := now.UTC().Truncate(24 * time.Hour)
	for left := i/2 + 1; left > 0; {
		day = day.AddDate(0, 0, -1)
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			left--
		}
	}
	hour := 15 - 5*(i%2) // the afternoon's one is the newer
	return day.Add(time.Duration(hour) * time.Hour).Add(time.Duration(i%4) * 15 * time.Minute)
}

// moveTo sets all times of a meeting whose recording became ready at the given moment.
func (m *meeting) moveTo(at time.Time) {
	at = at.UTC().Truncate(time.Second)
	m.createdAt = at
	m.scheduledEnd = at.Truncate(15 * time.Minute)
	m.scheduledStart = m.scheduledEnd.Add(-30 * time.Minute)
	m.recordingStart = m.scheduledStart.Add(40 * time.Second)
	if m.meetingTitle == nil { // nobody scheduled it
		m.scheduledStart, m.scheduledEnd = m.recordingStart, m.recordingStart
	}
}

// finish computes what follows from the rest: the file, and the end of the recording, which agrees with it.
func (m *meeting) finish(cfg Config) error {
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

// newIDs is a source for what clients keep: ids of downloads, webhooks and videos. It differs in every run, so that one
// kept from an earlier run is unknown instead of somebody else's.
func newIDs() *rand.Rand { return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) }

// token is n random bytes in hex.
func token(rng *rand.Rand, n int) string {
	raw := make([]byte, n)
	for i := range raw {
		raw[i] = byte(rng.Uint32())
	}
	return hex.EncodeToString(raw)
}

// slug is how a company becomes part of an address.
func slug(text string) string { return strings.ReplaceAll(strings.ToLower(text), " ", "-") }
