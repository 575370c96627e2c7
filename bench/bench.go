package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

const (
	listPath       = "/api/collections/meetings/records?perPage=10"
	stockStarts    = 60 // stock processes started one after the other
	stockProcesses = 20 // stock processes that run at the same time
)

// bench is one run of all measurements.
type bench struct {
	ctx context.Context
	dir string
	options

	keys        config.Generated
	server      *process // our server, with the databases of all tenants
	tenants     []tenant
	stockBinary string
	stockDirs   []string // copies of the first tenants' databases, one for each stock process
	rows        [][4]string
}

func (b *bench) stop() {
	if err := b.server.end(); err != nil {
		fmt.Println("bench: the server failed:", err)
	}
}

// addRow adds a line to the result. The ratio compares the first values. stock is nil if a stock
// PocketBase has nothing to compare with.
func (b *bench) addRow(name, unit string, server, stock []float64) {
	format := func(values []float64) string {
		texts := make([]string, len(values))
		for i, value := range values {
			texts[i] = fmt.Sprintf("%.3g", value)
		}
		return strings.Join(texts, " / ") + " " + unit
	}
	row := [4]string{name, format(server), "", ""}
	if len(stock) > 0 {
		row[2], row[3] = format(stock), fmt.Sprintf("%.2f", stock[0]/server[0])
	}
	b.rows = append(b.rows, row)
}

func (b *bench) writeTable(to io.Writer) error {
	table := tabwriter.NewWriter(to, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "\tone process\ta process per user\tratio")
	for _, row := range b.rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", row[0], row[1], row[2], row[3])
	}
	return table.Flush()
}

// medianAndP99 returns the median and the 99th percentile in milliseconds.
func medianAndP99(durations []time.Duration) []float64 {
	sorted := slices.Sorted(slices.Values(durations))
	return []float64{milliseconds(sorted[len(sorted)/2]), milliseconds(sorted[len(sorted)*99/100])}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// measure returns how long a call took.
func measure(fn func() error) (time.Duration, error) {
	start := time.Now()
	err := fn()
	return time.Since(start), err
}

// listMeetings lists meetings of a tenant through the gateway.
func (b *bench) listMeetings(t tenant) error {
	return get(b.server.url+"/db/"+t.Name+listPath, t.Session)
}

// restart restarts the server on its data, with other settings.
func (b *bench) restart(settings ...string) (err error) {
	if err := b.server.end(); err != nil {
		return err
	}
	client.CloseIdleConnections()
	b.server, err = startServer(b.dir, b.keys, settings...)
	return err
}
