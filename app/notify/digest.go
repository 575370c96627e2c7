package notify

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// digestHour is the hour of each Monday, in the time zone of the owner, at which the summary of a week is written.
const digestHour = 8

// maxDigestDelay is how late a summary may be. A server that was switched off for longer leaves it out.
const maxDigestDelay = 3 * 24 * time.Hour

// PreferencesChanged schedules the next summary if the owner of a database wants one.
func (s *Service) PreferencesChanged(db *userdb.Database) {
	if !preferences.NotifyOf(db.App).Digest {
		return // a job that is scheduled already finds out and does nothing
	}
	ctx, cancel := context.WithTimeout(context.Background(), enqueueTimeout)
	defer cancel()
	if err := s.scheduleDigest(ctx, db); err != nil {
		s.logger.ErrorContext(ctx, "failed to schedule the weekly summary", "database", db.Name, "error", err)
	}
}

func (s *Service) scheduleDigest(ctx context.Context, db *userdb.Database) error {
	next := digestTime(s.now(), preferences.TimeZone(db.App)).AddDate(0, 0, 7)
	return s.queue.ScheduleAt(ctx, s.app, db.UserID, KindSend, payload{Digest: true}.encode(), next)
}

// digestTime returns the last time at which a summary was due, in a time zone.
func digestTime(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	days := (int(local.Weekday()) + 6) % 7 // since Monday
	at := time.Date(local.Year(), local.Month(), local.Day()-days, digestHour, 0, 0, 0, zone)
	if at.After(now) {
		return at.AddDate(0, 0, -7)
	}
	return at
}

// writeDigest records the summary of the week that has just ended, and schedules the next one.
func (s *Service) writeDigest(ctx context.Context, db *userdb.Database) error {
	if !preferences.NotifyOf(db.App).Digest {
		return nil
	}
	if err := s.scheduleDigest(ctx, db); err != nil {
		return err
	}
	end := digestTime(s.now(), preferences.TimeZone(db.App))
	if s.now().Sub(end) > maxDigestDelay { // or the owner has moved to the west since it was scheduled
		return nil
	}
	text, err := s.summarize(db, end.AddDate(0, 0, -7), end)
	if err != nil || text == "" {
		return err
	}
	year, week := end.AddDate(0, 0, -1).ISOWeek()
	return notice.Add(db.App, notice.Notice{Cause: fmt.Sprintf("digest:%d-W%02d", year, week), Kind: notice.Digest, Text: text})
}

// summarize returns what happened in a week, or a blank text if nothing did.
func (s *Service) summarize(db *userdb.Database, from, to time.Time) (string, error) {
	params := dbx.Params{}
	for name, at := range map[string]time.Time{"from": from, "to": to} {
		date, err := types.ParseDateTime(at)
		if err != nil {
			return "", err
		}
		params[name] = date.String()
	}
	var meetings, delivered, waiting, failed, newlyWaiting int
	err := db.App.ConcurrentDB().NewQuery(`SELECT
		(SELECT COUNT(*) FROM meetings WHERE recorded_at >= {:from} AND recorded_at < {:to}),
		(SELECT COUNT(*) FROM transfers WHERE status = 'delivered' AND delivered_at >= {:from} AND delivered_at < {:to}),
		(SELECT COUNT(*) FROM transfers WHERE status = 'awaiting_share_url'),
		(SELECT COUNT(*) FROM transfers WHERE status = 'failed' AND updated >= {:from} AND updated < {:to}),
		(SELECT COUNT(*) FROM transfers WHERE status = 'awaiting_share_url' AND updated >= {:from} AND updated < {:to})`).
		Bind(params).Row(&meetings, &delivered, &waiting, &failed, &newlyWaiting)
	if err != nil {
		return "", fmt.Errorf("summarize a week: %w", err)
	}
	if meetings+delivered+failed+newlyWaiting == 0 {
		return "", nil
	}
	var sentences []string
	for _, s := range []struct {
		count     int
		one, many string
	}{
		{meetings, "1 new meeting.", "%d new meetings."},
		{delivered, "On Loom: 1 recording.", "On Loom: %d recordings."},
		{waiting, "Your turn: 1 recording to upload to Loom.", "Your turn: %d recordings to upload to Loom."},
		{failed, "Problems: 1 recording.", "Problems: %d recordings."},
	} {
		switch {
		case s.count == 1:
			sentences = append(sentences, s.one)
		case s.count > 1:
			sentences = append(sentences, fmt.Sprintf(s.many, s.count))
		}
	}
	if usage, err := s.databases.Usage(db); err == nil {
		sentences = append(sentences, humanize.Bytes(uint64(max(usage.Bytes, 0)))+" of storage used.")
	}
	return strings.Join(sentences, " "), nil
}

func truncate(text string, characters int) string {
	return sanitize.Truncate(sanitize.SingleLine(text), characters)
}
