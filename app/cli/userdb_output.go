package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

func writeDatabases(to io.Writer, infos []userdb.Info) error {
	t := newTable(to)
	t.row("NAME", "E-MAIL", "STATUS", "SIZE", "LAST USED", "OPEN", "PORT", "ERROR")
	for _, i := range infos {
		status := string(i.Status)
		if i.PurgeStarted != nil { // unlike the others with this status, it can't be restored
			status += " (begun)"
		}
		t.row(i.Name, i.Email, status, formatSize(i.Size), formatTime(i.LastUsed), yesIf(i.Open), unlessZero(i.Port), firstLine(i.Error))
	}
	return t.Flush()
}

func writeDatabase(to io.Writer, d userdb.Details) error {
	t := newTable(to)
	t.field("name", d.Name)
	t.field("e-mail", d.Email)
	t.field("user", d.User)
	t.field("status", string(d.Status))
	t.field("error", firstLine(d.Error))
	t.field("delete after", formatTime(d.DeleteAfter))
	if d.PurgeStarted != nil {
		t.field("deletion began", formatTime(d.PurgeStarted))
	}
	t.field("archived", formatTime(d.ArchivedAt))
	t.field("archive", d.Archive)
	t.field("folder", d.Folder)
	t.field("storage folder", d.Storage)
	t.field("on disk", formatSize(d.Usage))
	if d.InS3 > 0 {
		t.field("in S3", formatSize(d.InS3))
	}
	if d.Quota > 0 {
		t.field("quota", formatSize(d.Quota))
	}
	t.field("schema", d.SchemaVersion)
	t.field("pending migrations", strings.Join(d.Pending, ", "))
	t.field("created", formatTime(d.Created))
	t.field("last used", formatTime(d.LastUsed))
	t.field("maintained", formatTime(d.MaintainedAt))
	t.field("open", yesIf(d.Open))
	t.field("requests and jobs", strconv.Itoa(d.Handles))
	t.field("realtime streams", strconv.Itoa(d.Streams))
	t.field("port", unlessZero(d.Port))
	return t.Flush()
}

func writeDatabaseStats(to io.Writer, s userdb.Stats) error {
	t := newTable(to)
	total := 0
	for _, status := range slices.Sorted(maps.Keys(s.Databases)) {
		t.row(status, s.Databases[status])
		total += s.Databases[status]
	}
	t.row("total", total)
	t.row("size", formatSize(s.Size))
	if s.SizeInS3 > 0 {
		t.row("size in S3", formatSize(s.SizeInS3))
	}
	t.row("with an older schema", s.Outdated)
	t.row("with an error", s.Broken)
	t.row("open", fmt.Sprintf("%d of %d", s.Pool.Open, s.Pool.MaxOpen))
	t.row("in use", s.Pool.InUse)
	t.row("realtime streams", s.Pool.Watchers)
	t.row("opened since start", s.Pool.Opened)
	t.row("failed to open", s.Pool.OpenFailed)
	t.row("closed to stay below the limit", s.Pool.Evicted)
	t.row("closed when idle", s.Pool.IdleClosed)
	t.row("refused because all were in use", s.Pool.Busy)
	return t.Flush()
}

// writeOutcomes prints each outcome as it arrives from stream or, with --json, all of them at the end. done
// describes success. It returns the error of stream, or an error if any outcome is a failure.
func writeOutcomes(command *cobra.Command, done string, stream func(emit func(userdb.Outcome) error) error) error {
	out, asJSON := command.OutOrStdout(), wantsJSON(command)
	outcomes, failed := []userdb.Outcome{}, 0
	err := stream(func(o userdb.Outcome) error {
		outcomes = append(outcomes, o)
		result := done
		if o.Error != "" {
			failed++
			result = "failed: " + firstLine(o.Error)
		}
		if asJSON {
			return nil
		}
		_, err := fmt.Fprintf(out, "%d/%d  %s  %s\n", o.Done, o.Total, o.Name, result)
		return err
	})
	if asJSON {
		if err := writeJSON(out, outcomes); err != nil {
			return err
		}
	} else if len(outcomes) == 0 && err == nil {
		fmt.Fprintln(out, "nothing to do")
	}
	if err == nil && failed > 0 {
		err = fmt.Errorf("%d of %d failed", failed, len(outcomes))
	}
	return err
}

// writeVerifications prints the problems found, sorted by database. It returns an error if there are any.
func writeVerifications(command *cobra.Command, verifications []userdb.Verification) error {
	slices.SortFunc(verifications, func(a, b userdb.Verification) int { return strings.Compare(a.Name, b.Name) })
	damaged, skipped := 0, 0
	for _, v := range verifications {
		if v.Skipped {
			skipped++
		} else if len(v.Problems) > 0 {
			damaged++
		}
	}
	err := write(command, verifications, func(to io.Writer, verifications []userdb.Verification) error {
		for _, v := range verifications {
			if v.Skipped {
				fmt.Fprintf(to, "%s  skipped: %s\n", v.Name, explainSkipped(string(v.Status)))
			}
			for _, problem := range v.Problems {
				fmt.Fprintf(to, "%s  %s\n", v.Name, strings.ReplaceAll(strings.TrimSpace(problem), "\n", "; "))
			}
		}
		text := fmt.Sprintf("%d checked, %d with problems", len(verifications)-skipped, damaged)
		if skipped > 0 {
			text += fmt.Sprintf(", %d skipped", skipped)
		}
		_, err := fmt.Fprintln(to, text)
		return err
	})
	if err == nil && damaged > 0 {
		err = fmt.Errorf("%d of %d user databases have problems", damaged, len(verifications)-skipped)
	}
	return err
}
