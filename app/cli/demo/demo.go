// Package demo shows the whole program on one machine with no accounts: it
// starts the simulator and this very binary as a server with throw-away secrets
// and data, and uses the server over HTTP as the web app would. Everything it
// makes is gone when it ends.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	email    = "ada@example.com"
	password = "demo-password"

	stopTimeout = 30 * time.Second
)

// Command is the demo command.
func Command() *cobra.Command {
	var once bool
	var sizeMB int64
	command := &cobra.Command{
		Use:     "demo",
		Short:   "Try everything on this machine, with throw-away data and no accounts",
		Example: "  fathom-to-loom demo\n  fathom-to-loom demo --once",
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			d := &demo{out: command.OutOrStdout(), recordingSize: sizeMB << 20}
			act := d.stay
			if once {
				act = d.walkthrough
			}
			return d.run(command.Context(), act)
		},
	}
	command.Flags().BoolVar(&once, "once", false, "do the whole main job once, print what happened and exit")
	command.Flags().Int64Var(&sizeMB, "recording-mb", 0, "size of every recording in MB; 0 takes the small clips as they are")
	return command
}

// demo is one run of the command.
type demo struct {
	out           io.Writer
	recordingSize int64 // bytes; 0 for the clips as they are
	simulator     *simulator.Server
	server        *server
}

// run starts everything, acts and takes everything down again.
func (d *demo) run(ctx context.Context, act func(context.Context) error) (err error) {
	dir, err := os.MkdirTemp("", "fathom-to-loom-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	d.simulator, err = simulator.New(simulator.Config{
		RecordingSize: d.recordingSize, ProcessingPolls: 1, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	// Neither ends with ctx: the order in which they stop matters.
	detached := context.WithoutCancel(ctx)
	if err := d.simulator.Start(detached); err != nil {
		return err
	}
	stopCtx := func() (context.Context, context.CancelFunc) { return context.WithTimeout(detached, stopTimeout) }
	defer func() {
		ctx, cancel := stopCtx()
		defer cancel()
		err = errors.Join(err, d.simulator.Stop(ctx))
	}()

	if d.server, err = startServer(ctx, dir, d.simulator); err != nil {
		return err
	}
	defer func() {
		ctx, cancel := stopCtx()
		defer cancel()
		err = errors.Join(err, d.server.stop(ctx))
	}()
	return act(ctx)
}

// stay prepares an account with meetings, says what to try and waits for an
// interrupt.
func (d *demo) stay(ctx context.Context) error {
	c := newClient(d.server.url)
	if err := c.signUp(ctx, email, password); err != nil {
		return err
	}
	if err := c.saveKey(ctx, simulator.DemoAPIKey); err != nil {
		return err
	}
	job, err := c.enqueue(ctx, "fathom.sync", map[string]any{})
	if err != nil {
		return err
	}
	if _, err := c.await(ctx, job, nil); err != nil {
		return err
	}
	fmt.Fprintf(d.out, `Fathom-to-Loom is running with a simulated Fathom and Loom. Nothing leaves this machine.

  Web app     %[1]s
  Account     %[2]s
  Password    %[3]s
  Simulator   %[4]s   (stands for Fathom and Loom)
  Admin UI    %[1]s/_/   (%[5]s / %[6]s)

Try this:
  1. Open the web app and sign in. Your meetings are there already.
  2. Press "Transfer" on one and watch it come in.
  3. Download the prepared file and upload it at %[4]s/looms/videos
  4. Paste the share link it gives you. The meeting now shows its Loom video.

Ctrl-C ends the demo and removes its data.
`, d.server.url, email, password, d.simulator.URL(), d.server.adminEmail, d.server.adminPassword)
	select {
	case <-ctx.Done():
		fmt.Fprintln(d.out, "\nThe demo has ended; its data is gone.")
		return nil
	case <-d.server.exited:
		return d.server.failure("the server ended by itself")
	}
}
