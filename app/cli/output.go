package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// addJSONFlag adds --json to a command and its subcommands.
func addJSONFlag(command *cobra.Command) {
	command.PersistentFlags().Bool("json", false, "print JSON")
}

func wantsJSON(command *cobra.Command) bool {
	wants, err := command.Flags().GetBool("json")
	return err == nil && wants
}

// write prints a value: with --json as JSON, otherwise with writeText.
func write[T any](command *cobra.Command, value T, writeText func(io.Writer, T) error) error {
	if wantsJSON(command) {
		return writeJSON(command.OutOrStdout(), value)
	}
	return writeText(command.OutOrStdout(), value)
}

func writeJSON(to io.Writer, value any) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// table prints rows in aligned columns. It prints nothing until Flush, which returns the first error.
type table struct{ *tabwriter.Writer }

func newTable(to io.Writer) table { return table{tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)} }

// row adds a row. Line breaks, tabs and other control characters in a cell become spaces.
func (t table) row(cells ...any) {
	texts := make([]string, len(cells))
	for i, cell := range cells {
		texts[i] = sanitize.SingleLine(fmt.Sprint(cell))
	}
	fmt.Fprintln(t, strings.Join(texts, "\t"))
}

// blankLine adds an empty line. The columns below it are aligned separately.
func (t table) blankLine() { fmt.Fprintln(t) }

// field adds a row with a label and its value, unless the value is empty.
func (t table) field(label, value string) {
	if value != "" {
		t.row(label, value)
	}
}

func formatSize(bytes int64) string { return humanize.Bytes(uint64(max(bytes, 0))) }

// formatTime formats a time in the local time zone. It returns "" for a nil or zero time.
func formatTime(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04")
}

// unlessZero formats a number. It returns "" for 0.
func unlessZero(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func yesIf(condition bool) string {
	if condition {
		return "yes"
	}
	return ""
}

// firstLine returns the first line of a text that isn't blank.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(line)
}
