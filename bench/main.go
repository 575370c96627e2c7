// Bench measures user databases in one process beside a stock PocketBase process
// per user, built from the same module, all in one run: `make bench`.
//
// It starts itself as the server, so that what that takes is its alone. Quote
// ratios: machines differ, and drift within a run.
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

// isServer tells a child process that it is the server.
const isServer = "FATHOM_TO_LOOM_BENCH_SERVER"

type options struct {
	users   int
	rate    int
	seconds int
}

func main() {
	if os.Getenv(isServer) != "" {
		os.Exit(serve())
	}
	var o options
	flag.IntVar(&o.users, "users", 10_000, "how many users have a database")
	flag.IntVar(&o.rate, "rate", 200, "how many random ones are touched a second")
	flag.IntVar(&o.seconds, "seconds", 30, "for how long")
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
	stock := filepath.Join(dir, "stock")
	build := exec.CommandContext(ctx, "go", "build", "-o", stock, "./bench/stock")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build a stock PocketBase: %w", err)
	}
	began := time.Now()
	b := &bench{ctx: ctx, dir: dir, keys: keys, stock: stock, options: o}
	defer b.stop()
	for _, step := range []struct {
		what string
		run  func() error
	}{
		{"provisioning", b.provisioning},
		{"cold opens", b.coldOpens},
		{"warm requests", b.warmRequests},
		{"memory", b.memory},
		{"listing", b.listing},
		{"load", b.load},
	} {
		fmt.Fprintf(os.Stderr, "%s ...\n", step.what)
		if err := step.run(); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	b.print(os.Stdout)
	fmt.Printf("\nmeasured in %s\n", time.Since(began).Round(time.Second))
	return nil
}
