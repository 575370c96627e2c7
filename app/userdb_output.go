package app

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

func printList(to io.Writer, infos []userdb.Info) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tE-MAIL\tSTATUS\tSIZE\tLAST USED\tOPEN\tPORT\tERROR")
	for _, i := range infos {
		open, port := "", ""
		if i.Open {
			open = "yes"
		}
		if i.Port > 0 {
			port = strconv.Itoa(i.Port)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			i.Name, i.Email, i.Status, userdb.FormatBytes(i.Size), moment(i.LastUsed), open, port, firstLine(i.Error))
	}
	return table.Flush()
}

func printDetails(to io.Writer, d userdb.Details) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	row := func(label, value string) {
		if value != "" {
			fmt.Fprintf(table, "%s\t%s\n", label, value)
		}
	}
	row("name", d.Name)
	row("e-mail", d.Email)
	row("user", d.User)
	row("status", d.Status)
	row("error", firstLine(d.Error))
	row("delete after", moment(d.DeleteAfter))
	row("archived", moment(d.ArchivedAt))
	row("archive", d.Archive)
	row("folder", d.Folder)
	row("on the disk", userdb.FormatBytes(d.Usage))
	if d.Quota > 0 {
		row("quota", userdb.FormatBytes(d.Quota))
	}
	row("schema", d.SchemaVersion)
	row("migrations to come", strings.Join(d.Pending, ", "))
	row("made", moment(d.Created))
	row("last used", moment(d.LastUsed))
	row("maintained", moment(d.MaintainedAt))
	if d.Open {
		row("open", fmt.Sprintf("yes, %d requests or jobs at work", d.Handles))
	}
	row("streams", strconv.Itoa(d.Streams))
	if d.Port > 0 {
		row("port", strconv.Itoa(d.Port))
	}
	return table.Flush()
}

func printStats(to io.Writer, s userdb.Stats) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	total := 0
	for _, status := range slices.Sorted(maps.Keys(s.Databases)) {
		fmt.Fprintf(table, "%s\t%d\n", status, s.Databases[status])
		total += s.Databases[status]
	}
	fmt.Fprintf(table, "in all\t%d\n", total)
	fmt.Fprintf(table, "size\t%s\n", userdb.FormatBytes(s.Size))
	fmt.Fprintf(table, "of an older schema\t%d\n", s.Outdated)
	fmt.Fprintf(table, "with an error\t%d\n", s.Broken)
	fmt.Fprintf(table, "open\t%d of %d\n", s.Pool.Open, s.Pool.MaxOpen)
	fmt.Fprintf(table, "in use\t%d\n", s.Pool.InUse)
	fmt.Fprintf(table, "streams\t%d\n", s.Pool.Streams)
	fmt.Fprintf(table, "opened since the start\t%d\n", s.Pool.Opened)
	fmt.Fprintf(table, "failed to open\t%d\n", s.Pool.OpenFailed)
	fmt.Fprintf(table, "closed to make room\t%d\n", s.Pool.Evicted)
	fmt.Fprintf(table, "closed unused\t%d\n", s.Pool.IdleClosed)
	fmt.Fprintf(table, "refused, all in use\t%d\n", s.Pool.Busy)
	return table.Flush()
}

// reportOutcomes runs an operation over databases, prints each outcome as it
// comes, and fails when one of them did.
func (a *App) reportOutcomes(command *cobra.Command, name string, op operation, done string) error {
	outcomes, failed := []userdb.Outcome{}, 0
	err := a.operate(command.Context(), func(client *control.Client) error {
		return client.Call(command.Context(), name, op, func(item json.RawMessage) error {
			var o userdb.Outcome
			if err := json.Unmarshal(item, &o); err != nil {
				return err
			}
			outcomes = append(outcomes, o)
			what := done
			if o.Error != "" {
				failed++
				what = "failed: " + firstLine(o.Error)
			}
			if wantsJSON(command) {
				return nil
			}
			_, err := fmt.Fprintf(command.OutOrStdout(), "%d/%d  %s  %s\n", o.Done, o.Total, o.Name, what)
			return err
		})
	})
	if wantsJSON(command) {
		if err := printJSON(command.OutOrStdout(), outcomes); err != nil {
			return err
		}
	} else if len(outcomes) == 0 && err == nil {
		fmt.Fprintln(command.OutOrStdout(), "nothing to do")
	}
	if err == nil && failed > 0 {
		err = fmt.Errorf("%d of %d failed", failed, len(outcomes))
	}
	return err
}

func reportVerifications(command *cobra.Command, looked []userdb.Verification) error {
	slices.SortFunc(looked, func(a, b userdb.Verification) int { return strings.Compare(a.Name, b.Name) })
	broken := 0
	for _, v := range looked {
		if len(v.Problems) > 0 {
			broken++
		}
	}
	if wantsJSON(command) {
		if err := printJSON(command.OutOrStdout(), looked); err != nil {
			return err
		}
	} else {
		for _, v := range looked {
			for _, problem := range v.Problems {
				fmt.Fprintf(command.OutOrStdout(), "%s  %s\n", v.Name, strings.ReplaceAll(problem, "\n", "; "))
			}
		}
		fmt.Fprintf(command.OutOrStdout(), "%d looked at, %d with problems\n", len(looked), broken)
	}
	if broken > 0 {
		return fmt.Errorf("%d of %d user databases have problems", broken, len(looked))
	}
	return nil
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04")
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
