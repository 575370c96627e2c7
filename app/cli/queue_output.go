package cli

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func writeJobs(to io.Writer, jobs []queue.Info, limit int) error {
	t := newTable(to)
	t.row("ID", "USER", "KIND", "STATUS", "ATTEMPTS", "CREATED", "DETAILS")
	for _, j := range jobs {
		t.row(j.ID, j.Email, j.Kind, statusText(j), attemptsText(j), formatTime(j.Created), summary(j))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if limit > 0 && len(jobs) == limit {
		_, err := fmt.Fprintf(to, "showing the newest %d jobs; use --limit to see more\n", limit)
		return err
	}
	return nil
}

func statusText(j queue.Info) string {
	if j.CancelRequested {
		return string(j.Status) + " (cancelling)"
	}
	return string(j.Status)
}

func attemptsText(j queue.Info) string { return fmt.Sprintf("%d of %d", j.Attempts, j.MaxAttempts) }

// attemptNumber returns the number of a run that counts as an attempt.
func attemptNumber(run queue.Attempt) string {
	if !run.Counts() {
		return ""
	}
	return strconv.Itoa(run.Attempt)
}

// summary describes the state of a job in one line.
func summary(j queue.Info) string {
	switch {
	case j.Status == queue.StatusProcessing:
		return strings.TrimSpace(fmt.Sprintf("%s %.0f%%", j.Stage, 100*j.Progress))
	case j.Status == queue.StatusPending && j.Paused:
		return "paused"
	case j.Status == queue.StatusPending && j.Position > 0:
		return fmt.Sprintf("number %d in the queue", j.Position)
	case j.Status == queue.StatusPending:
		return strings.TrimSpace("due " + formatTime(j.RunAt))
	case j.Status == queue.StatusFailed:
		return strings.TrimSpace("next attempt "+formatTime(j.RunAt)) + ": " + firstLine(j.Error)
	}
	return firstLine(j.Error)
}

func writeJob(to io.Writer, j queue.Info) error {
	t := newTable(to)
	t.field("id", j.ID)
	t.field("user", strings.TrimSpace(j.Email+" "+j.User))
	t.field("kind", j.Kind)
	t.field("payload", j.Payload)
	t.field("status", statusText(j))
	t.field("details", summary(j))
	t.field("attempts", attemptsText(j))
	t.field("priority", strconv.Itoa(j.Priority))
	t.field("worker", j.Worker)
	t.field("lease expires", formatTime(j.LeaseExpires))
	t.field("created", formatTime(j.Created))
	t.field("due", formatTime(j.RunAt))
	t.field("started", formatTime(j.Started))
	t.field("finished", formatTime(j.Finished))
	t.field("result", j.Result)
	t.field("error", j.Error)
	if len(j.History) > 0 {
		t.blankLine()
		t.row("ATTEMPT", "STARTED", "ENDED", "OUTCOME", "WORKER", "ERROR")
		for _, h := range j.History {
			t.row(attemptNumber(h), localTime(h.Started), localTime(h.Ended), h.Outcome, h.Worker, h.Error)
		}
	}
	return t.Flush()
}

// localTime converts a date in PocketBase's format to the local time zone. It returns an empty or invalid
// date unchanged.
func localTime(date string) string {
	at, err := types.ParseDateTime(date)
	if err != nil || at.IsZero() {
		return date
	}
	return at.Time().Local().Format("2006-01-02 15:04:05")
}

func writeJobStats(to io.Writer, s queue.Stats, now time.Time) error {
	t := newTable(to)
	for _, status := range queue.Statuses() {
		t.row(status, s.Statuses[status])
	}
	t.row("due", s.Waiting)
	if s.Oldest != nil {
		t.row("oldest waiting since", fmt.Sprintf("%s (%s)", formatTime(s.Oldest), now.Sub(*s.Oldest).Round(time.Second)))
	}
	t.row("paused", formatPauses(s.Paused))
	if len(s.Pauses) > 0 {
		t.blankLine()
		t.row("PAUSE", "USER", "SOURCE", "SINCE", "REASON")
		for _, pause := range s.Pauses {
			t.row(formatPauses(queue.Pauses{pause.Kind}), pausedUser(pause), pause.Source, localTime(pause.Since), firstLine(pause.Reason))
		}
		if more := s.Total - len(s.Pauses); more > 0 {
			t.row(fmt.Sprintf("and %d more", more))
		}
	}
	t.blankLine()
	t.row("KIND", "PENDING", "PROCESSING", "FAILED", "DEAD", "LIMIT", "DURATION")
	for _, name := range slices.Sorted(maps.Keys(s.Kinds)) {
		k := s.Kinds[name]
		duration := ""
		if k.Seconds > 0 {
			duration = time.Duration(k.Seconds * float64(time.Second)).Round(10 * time.Millisecond).String()
		}
		t.row(name, k.Pending, k.Processing, k.Failed, k.Dead, unlessZero(k.Limit), duration)
	}
	return t.Flush()
}

func pausedUser(pause queue.Pause) string {
	if pause.UserID == "" {
		return "all"
	}
	return cmp.Or(pause.Email, pause.UserID)
}

func formatPauses(paused queue.Pauses) string {
	if len(paused) == 0 {
		return "nothing"
	}
	return strings.ReplaceAll(strings.Join(paused, ", "), queue.AllKinds, "all kinds")
}
