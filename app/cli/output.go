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
)

// addJSONFlag lets all commands below one print JSON.
func addJSONFlag(command *cobra.Command) {
	command.PersistentFlags().Bool("json", false, "print JSON")
}

func wantsJSON(command *cobra.Command) bool {
	wants, err := command.Flags().GetBool("json")
	return err == nil && wants
}

// write prints a value as JSON with --json, and as text otherwise.
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

// table aligns columns that are separated by tabs.
type table struct{ *tabwriter.Writer }

func newTable(to io.Writer) table { return table{tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)} }

// row writes the cells of one line.
func (t table) row(cells ...any) {
	texts := make([]string, len(cells))
	for i, cell := range cells {
		texts[i] = fmt.Sprint(cell)
	}
	fmt.Fprintln(t, strings.Join(texts, "\t")) // Flush returns the error
}

// field writes a label with its value, unless that is empty.
func (t table) field(label, value string) {
	if value != "" {
		t.row(label, singleLine(value, " "))
	}
}

func formatSize(bytes int64) string { return humanize.Bytes(uint64(max(bytes, 0))) }

// formatTime is a time in the machine's zone, or nothing.
func formatTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04")
}

// unlessZero is a number, or nothing for 0.
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

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

func singleLine(text, separator string) string { return strings.ReplaceAll(text, "\n", separator) }
