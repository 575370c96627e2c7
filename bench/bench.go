package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

const (
	list      = "/api/collections/meetings/records?perPage=10"
	stockRuns = 60 // processes started one after the other
	stockMany = 20 // processes at once
)

// bench is one run.
type bench struct {
	ctx context.Context
	dir string
	options

	keys    config.Generated
	ours    *process
	tenants []tenant
	stock   string   // the binary of a stock PocketBase
	stocks  []string // folders for processes of it
	rows    [][4]string
}

func (b *bench) stop() {
	if err := b.ours.end(); err != nil {
		fmt.Println("bench: the server ended with", err)
	}
}

// row is a line of the result. A nil in place of theirs means that there is no such
// thing.
func (b *bench) row(what, unit string, ours, theirs []float64) {
	text := func(values []float64) string {
		out := ""
		for i, v := range values {
			if i > 0 {
				out += " / "
			}
			out += fmt.Sprintf("%.3g", v)
		}
		return out + " " + unit
	}
	row := [4]string{what, text(ours), "", ""}
	if len(theirs) > 0 {
		row[2], row[3] = text(theirs), fmt.Sprintf("%.2f", theirs[0]/ours[0])
	}
	b.rows = append(b.rows, row)
}

func (b *bench) print(to io.Writer) {
	table := tabwriter.NewWriter(to, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "\tone process\ta process per user\tratio")
	for _, row := range b.rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", row[0], row[1], row[2], row[3])
	}
	_ = table.Flush()
}

// spread is the median and the 99th percentile in milliseconds.
func spread(took []time.Duration) []float64 {
	sorted := slices.Sorted(slices.Values(took))
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return []float64{ms(sorted[len(sorted)/2]), ms(sorted[len(sorted)*99/100])}
}

func timed(fn func() error) (time.Duration, error) {
	began := time.Now()
	err := fn()
	return time.Since(began), err
}

func (b *bench) listOf(t tenant) error { return get(b.ours.url+"/db/"+t.Name+list, t.Session) }

// restart starts the server anew on its data, with other settings.
func (b *bench) restart(settings ...string) (err error) {
	if err := b.ours.end(); err != nil {
		return err
	}
	client.CloseIdleConnections()
	b.ours, err = startOurs(b.dir, b.keys, settings...)
	return err
}
