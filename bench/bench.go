package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	databases   table
	transfers   table
	movers      table
	files       table
	syncs       table
}

func newBench(ctx context.Context, dir string, keys config.Generated, o options) *bench {
	return &bench{
		ctx: ctx, dir: dir, options: o, keys: keys, stockBinary: filepath.Join(dir, "stock"),
		databases: table{
			columns: [3]string{"one process", "a process per user", "ratio"},
			ratio:   func(ours, other float64) float64 { return other / ours },
		},
		transfers: table{
			columns: [3]string{"server", "curl", "of curl"},
			ratio:   func(ours, other float64) float64 { return ours / other },
		},
		movers: table{
			columns: [3]string{"movers", "server alone", "ratio"},
			ratio:   func(ours, other float64) float64 { return ours / other },
		},
		files: table{
			columns: [3]string{"server", "plain file server", "ratio"},
			ratio:   func(ours, other float64) float64 { return ours / other },
		},
		syncs: table{
			columns: [3]string{"server", "least possible", "ratio"},
			ratio:   func(ours, other float64) float64 { return ours / other },
		},
	}
}

// buildStock builds the stock PocketBase.
func (b *bench) buildStock() error {
	build := exec.CommandContext(b.ctx, "go", "build", "-o", b.stockBinary, "./bench/stock")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build stock PocketBase: %w", err)
	}
	return nil
}

func (b *bench) stop() {
	if err := b.server.end(); err != nil {
		fmt.Println("bench: the server failed:", err)
	}
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
