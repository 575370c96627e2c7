package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// table is a part of the result. Each row compares our server with something else.
type table struct {
	columns [3]string // of our server, of the other one and of the ratio
	ratio   func(ours, other float64) float64
	rows    [][4]string
}

// addRow adds a row. The ratio compares the first values. other is nil if there is nothing to compare with.
func (t *table) addRow(name, unit string, ours, other []float64) {
	format := func(values []float64) string {
		texts := make([]string, len(values))
		for i, value := range values {
			texts[i] = fmt.Sprintf("%.3g", value)
		}
		return strings.Join(texts, " / ") + " " + unit
	}
	row := [4]string{name, format(ours), "", ""}
	if len(other) > 0 {
		row[2], row[3] = format(other), fmt.Sprintf("%.2f", t.ratio(ours[0], other[0]))
	}
	t.rows = append(t.rows, row)
}

// write prints the table, unless it has no rows.
func (t *table) write(to io.Writer) error {
	if len(t.rows) == 0 {
		return nil
	}
	printed := tabwriter.NewWriter(to, 0, 0, 3, ' ', 0)
	fmt.Fprintf(printed, "\t%s\t%s\t%s\n", t.columns[0], t.columns[1], t.columns[2])
	for _, row := range t.rows {
		fmt.Fprintf(printed, "%s\t%s\t%s\t%s\n", row[0], row[1], row[2], row[3])
	}
	fmt.Fprintln(printed)
	return printed.Flush()
}
