package app

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func printJobs(to io.Writer, jobs []queue.Info, limit int) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tUSER\tKIND\tSTATUS\tATTEMPTS\tCREATED\tABOUT")
	for _, j := range jobs {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d of %d\t%s\t%s\n",
			j.ID, j.Email, j.Kind, statusText(j), j.Attempts, j.MaxAttempts, moment(j.Created), about(j))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if limit > 0 && len(jobs) == limit {
		_, err := fmt.Fprintf(to, "the newest %d; --limit shows more\n", limit)
		return err
	}
	return nil
}

func statusText(j queue.Info) string {
	if j.CancelRequested {
		return string(j.Status) + " (being cancelled)"
	}
	return string(j.Status)
}

// about is what is to be said of a job in one line.
func about(j queue.Info) string {
	switch {
	case j.Status == queue.StatusProcessing:
		return strings.TrimSpace(fmt.Sprintf("%s %.0f %%", j.Stage, 100*j.Progress))
	case j.Status == queue.StatusPending && j.Paused:
		return "held by a pause"
	case j.Status == queue.StatusPending && j.Position > 0:
		return fmt.Sprintf("number %d in the queue", j.Position)
	case j.Status == queue.StatusPending:
		return "due " + moment(j.RunAt)
	case j.Status == queue.StatusFailed:
		return "again " + moment(j.RunAt) + ": " + firstLine(j.Error)
	}
	return firstLine(j.Error)
}

func printJob(to io.Writer, j queue.Info) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	row := func(label, value string) {
		if value != "" {
			fmt.Fprintf(table, "%s\t%s\n", label, strings.ReplaceAll(value, "\n", " "))
		}
	}
	row("id", j.ID)
	row("user", strings.TrimSpace(j.Email+" "+j.User))
	row("kind", j.Kind)
	row("payload", j.Payload)
	row("status", statusText(j))
	row("about", about(j))
	row("attempts", fmt.Sprintf("%d of %d", j.Attempts, j.MaxAttempts))
	row("priority", fmt.Sprint(j.Priority))
	row("worker", j.Worker)
	row("lease expires", moment(j.LeaseExpires))
	row("created", moment(j.Created))
	row("due", moment(j.RunAt))
	row("started", moment(j.Started))
	row("finished", moment(j.Finished))
	row("result", j.Result)
	row("error", j.Error)
	if len(j.History) > 0 {
		fmt.Fprintln(table, "\nATTEMPT\tSTARTED\tENDED\tOUTCOME\tWORKER\tERROR")
		for _, h := range j.History {
			fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", h.Attempt, localTime(h.Started), localTime(h.Ended), h.Outcome, h.Worker, strings.ReplaceAll(h.Error, "\n", " "))
		}
	}
	return table.Flush()
}

// localTime is a date as PocketBase writes it, in the zone of every other row.
func localTime(date string) string {
	at, err := types.ParseDateTime(date)
	if err != nil {
		return date
	}
	return at.Time().Local().Format("2006-01-02 15:04:05")
}

func printQueueStats(to io.Writer, s queue.Stats) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, status := range queue.Statuses() {
		fmt.Fprintf(table, "%s\t%d\n", status, s.Statuses[status])
	}
	fmt.Fprintf(table, "due\t%d\n", s.Waiting)
	if s.Oldest != nil {
		fmt.Fprintf(table, "the oldest waits since\t%s (%s)\n", moment(s.Oldest), time.Since(*s.Oldest).Round(time.Second))
	}
	fmt.Fprintf(table, "paused\t%s\n", listOf(s.Paused))
	for _, pause := range s.Pauses {
		if pause.Reason != "" {
			fmt.Fprintf(table, "  %s\t%s\n", listOf(queue.Pauses{pause.Kind}), firstLine(pause.Reason))
		}
	}
	fmt.Fprintln(table, "\nKIND\tPENDING\tPROCESSING\tFAILED\tDEAD\tAT ONCE\tTAKES")
	for _, name := range slices.Sorted(maps.Keys(s.Kinds)) {
		k := s.Kinds[name]
		limit, takes := "", ""
		if k.Limit > 0 {
			limit = fmt.Sprint(k.Limit)
		}
		if k.Seconds > 0 {
			takes = time.Duration(k.Seconds * float64(time.Second)).Round(10 * time.Millisecond).String()
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%s\t%s\n", name, k.Pending, k.Processing, k.Failed, k.Dead, limit, takes)
	}
	return table.Flush()
}

func listOf(paused queue.Pauses) string {
	if len(paused) == 0 {
		return "nothing"
	}
	return strings.ReplaceAll(strings.Join(paused, ", "), queue.AllKinds, "all kinds")
}
