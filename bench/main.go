// Bench compares user databases in one process with a stock PocketBase process per user, which it builds
// from the same module, backups with tar, transfers of recordings with curl and through movers with those of a server alone, share pages with a plain file server, and
// syncs with the rate limits of Fathom: `make bench`.
//
// Bench runs itself as the server in a child process, so that the figures include nothing but the server.
// Quote ratios: machines differ, and their speed changes during a run. Bench measures Linux processes only.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

// serverVariable is set in the environment of the child process that is the server.
const serverVariable = "FATHOM_TO_LOOM_BENCH_SERVER"

type options struct {
	users       int
	rate        int
	seconds     int
	recordingMB int
}

func main() {
	if os.Getenv(serverVariable) != "" {
		os.Exit(serve())
	}
	var o options
	flag.IntVar(&o.users, "users", 10_000, "number of users with a database; 0 measures recordings only")
	flag.IntVar(&o.rate, "rate", 200, "requests of random users per second under load")
	flag.IntVar(&o.seconds, "seconds", 30, "duration of the load in seconds")
	flag.IntVar(&o.recordingMB, "recording-mb", 400, "size in MB of the recordings whose transfers are compared with curl; 0 measures databases only")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// step is one of the measurements, which depend on those before.
type step struct {
	name string
	run  func() error
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "fathom-to-loom-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	keys, err := config.Generate(rand.Reader)
	if err != nil {
		return err
	}
	b := newBench(ctx, dir, keys, o)
	defer b.stop()
	var steps []step
	if o.users > 0 {
		if err := b.buildStock(); err != nil {
			return err
		}
		steps = []step{
			{"provisioning", b.measureProvisioning},
			{"cold opens", b.measureColdOpens},
			{"warm requests", b.measureWarmRequests},
			{"memory", b.measureMemory},
			{"listing", b.measureListing},
			{"load", b.measureLoad},
			{"backups", b.measureBackups},
		}
	}
	steps = append(steps, step{"sync", b.measureSync}, step{"webhook", b.measureWebhook})
	if o.recordingMB > 0 {
		steps = append(steps, step{"recordings", b.measureRecordings}, step{"movers", b.measureMovers}, step{"uploads", b.measureUploads}, step{"shares", b.measureShares})
	}
	start := time.Now()
	for _, step := range steps {
		fmt.Fprintf(os.Stderr, "%s ...\n", step.name)
		if err := step.run(); err != nil {
			return fmt.Errorf("measure %s: %w", step.name, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err := errors.Join(b.databases.write(os.Stdout), b.syncs.write(os.Stdout), b.transfers.write(os.Stdout), b.movers.write(os.Stdout), b.files.write(os.Stdout)); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	fmt.Printf("measured in %s\n", time.Since(start).Round(time.Second))
	return nil
}
