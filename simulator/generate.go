package simulator

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// firstRecordingID is the ID of the newest initial meeting. Older meetings have higher IDs.
const firstRecordingID = 1001

// minForSpecials is the number of initial meetings from which the last four are special cases. With
// fewer meetings, special cases would appear on the first page of ten.
const minForSpecials = 14

// generateMeeting generates the i-th meeting, which ended at the given time. Meeting 0 is the newest of
// the initial ones. Everything except the times depends only on the configuration and i.
func generateMeeting(cfg Config, i int, ended time.Time) *meeting {
	c := embeddedContent()
	plan := c.meetings[i%len(c.meetings)]
	special := -1 // 0..3 for the last four
	if cfg.Meetings >= minForSpecials && i < cfg.Meetings {
		special = i - (cfg.Meetings - 4)
		// The last four plans were written for the special cases, regardless of the number of meetings.
		if special >= 0 {
			plan = c.meetings[len(c.meetings)-4+special]
		}
	}
	subject := c.topics[plan.Topic]
	rng := rand.New(rand.NewPCG(cfg.Seed, uint64(i)))
	m := &meeting{
		id:           firstRecordingID + int64(i),
		callID:       200_000_000 + int64(i)*7919,
		shareToken:   seededToken(rng, 16),
		title:        plan.Title,
		meetingTitle: nullable(plan.Title),
		meetingType:  nullable(subject.Type),
		meetingURL:   nullable("https://meet.northwind.example/" + seededToken(rng, 5)),
		sharedWith:   []string{"no_teams", "single_team", "multiple_teams", "all_teams"}[rng.IntN(4)],
		language:     "en",
		clipName:     subject.Clip,
		polls:        -1,
		expiresAfter: DefaultExpiry,
		recordedBy:   findPerson(plan.Host).toUser(),
	}
	if repeat := i / len(c.meetings); repeat > 0 && special < 0 {
		m.title = fmt.Sprintf("%s (%d)", plan.Title, repeat+1)
		m.meetingTitle = nullable(m.title)
	}
	if plan.Impromptu {
		m.meetingTitle, m.meetingURL, m.language = nil, nil, "unknown"
	}
	var speakers []person
	for _, key := range slices.Concat([]string{plan.Host}, plan.With, plan.Guests) {
		speakers = append(speakers, findPerson(key))
	}
	if !plan.Impromptu {
		for _, p := range speakers {
			m.invitees = append(m.invitees, p.toInvitee())
		}
	}
	m.setTimes(ended)
	m.addContent(rng, subject, speakers)
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

// pastMeetingEnd returns when the i-th meeting ended. There are two meetings per working day, counted
// back from the day before now.
func pastMeetingEnd(now time.Time, i int) time.Time {
	day := now.UTC().Truncate(24 * time.Hour)
	for left := i/2 + 1; left > 0; {
		day = day.AddDate(0, 0, -1)
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			left--
		}
	}
	hour := 15 - 5*(i%2) // even meetings are the newer ones and end in the afternoon
	return day.Add(time.Duration(hour) * time.Hour).Add(time.Duration(i%4) * 15 * time.Minute)
}

// seededToken returns n pseudo-random bytes in hex.
func seededToken(rng *rand.Rand, n int) string {
	raw := make([]byte, n)
	for i := range raw {
		raw[i] = byte(rng.Uint32())
	}
	return hex.EncodeToString(raw)
}

// slug converts the name of a person or a company to a part of a URL.
func slug(text string) string { return strings.ReplaceAll(strings.ToLower(text), " ", "-") }
