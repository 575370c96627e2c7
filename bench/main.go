// Bench compares user databases in one process with a stock PocketBase process per user, which it builds
// from the same module: `make bench`.
//
// Bench runs itself as the server in a child process, so that the figures include nothing but the server.
// Quote ratios: machines differ, and their speed changes during a run. Bench measures Linux processes only.
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

// serverVariable is set in the environment of the child process that is the server.
const serverVariable = "FATHOM_TO_LOOM_BENCH_SERVER"

type options struct {
	users   int
	rate    int
	seconds int
}

func main() {
	if os.Getenv(serverVariable) != "" {
		os.Exit(serve())
	}
	var o options
	flag.IntVar(&o.users, "users", 10_000, "number of users with a database")
	flag.IntVar(&o.rate, "rate", 200, "requests of random users per second under load")
	flag.IntVar(&o.seconds, "seconds", 30, "duration of the load in seconds")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
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
	stockBinary := filepath.Join(dir, "stock")
	build := exec.CommandContext(ctx, "go", "build", "-o", stockBinary, "./bench/stock")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build stock PocketBase: %w", err)
	}
	start := time.Now()
	b := &bench{ctx: ctx, dir: dir, keys: keys, stockBinary: stockBinary, options: o}
	defer b.stop()
	for _, step := range []struct {
		name string
		run  func() error
	}{
		{"provisioning", b.measureProvisioning},
		{"cold opens", b.measureColdOpens},
		{"warm requests", b.measureWarmRequests},
		{"memory", b.measureMemory},
		{"listing", b.measureListing},
		{"load", b.measureLoad},
	} {
		fmt.Fprintf(os.Stderr, "%s ...\n", step.name)
		if err := step.run(); err != nil {
			return fmt.Errorf("measure %s: %w", step.name, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err := b.writeTable(os.Stdout); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	fmt.Printf("\nmeasured in %s\n", time.Since(start).Round(time.Second))
	return nil
}
