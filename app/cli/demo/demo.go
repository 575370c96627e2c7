// Package demo implements the demo command, which demonstrates the whole program on one machine without
// accounts. It starts the simulator, runs this binary as a server with temporary secrets and data, and calls
// the server over HTTP as the web app does. It removes all its data when it ends.
//
// Like the whole program, the demo runs on Linux and macOS. A process runs one demo, so nothing in this
// package is safe for concurrent use. The package must not read the caller's settings or data.
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

// steps is what the demo suggests, as a format for the simulator's URL. Labels of the web app are in quotation marks.
const steps = `Try this:
  1. Open the web app and sign in. Your meetings are already there.
  2. Select "Copy" on a meeting and watch its progress.
  3. Download the prepared file and upload it at %s/looms/videos
  4. Paste the share link you get there. The meeting now shows its Loom video.
  5. Connect Loom in Settings with the Atlassian account and API token above. From now on, files
     are uploaded for you.
  6. Select "Add rule" in Settings → Automation, and "Show matching meetings" in the form. New meetings that match
     are copied without a click.
  7. Select "Download as files" on a meeting: video, captions and notes, in a vault that Obsidian opens.
  8. Search for a word that somebody said, and open the moment. On the page of a meeting that is stored, create a
     link for others under "Share".
`

// Command returns the demo command.
func Command() *cobra.Command {
	var once bool
	var sizeMB int64
	command := &cobra.Command{
		Use:     "demo",
		Short:   "Try everything on this machine, with temporary data and no accounts",
		Example: "  fathom-to-loom demo\n  fathom-to-loom demo --once",
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			d := &demo{out: command.OutOrStdout(), recordingSize: sizeMB << 20}
			show := d.interactive
			if once {
				show = d.walkthrough
			}
			return d.run(command.Context(), show)
		},
	}
	command.Flags().BoolVar(&once, "once", false, "transfer three meetings, print the results and exit")
	command.Flags().Int64Var(&sizeMB, "recording-mb", 0, "size of every recording in MB; 0 keeps the small sample clips")
	return command
}

// demo is one run of the command.
type demo struct {
	out           io.Writer
	recordingSize int64 // bytes; 0 keeps the small sample clips
	simulator     *simulator.Server
	server        *server
}

// run starts the simulator and the server, calls show, and stops both again.
func (d *demo) run(ctx context.Context, show func(context.Context) error) (err error) {
	dir, err := os.MkdirTemp("", "fathom-to-loom-demo-")
	if err != nil {
		return fmt.Errorf("create folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	d.simulator, err = simulator.New(simulator.Config{
		RecordingSize: d.recordingSize, ProcessingPolls: 1, Atlassian: &simulator.AtlassianConfig{}, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	// The simulator must not stop when ctx ends, because the server has to stop first.
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
	return show(ctx)
}

// interactive prepares an account with meetings, prints what to try and waits until ctx ends.
func (d *demo) interactive(ctx context.Context) error {
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
	fmt.Fprintf(d.out, `Fathom-to-Loom is running with a simulated Fathom, Loom and Atlassian. Nothing leaves this machine.

  Web app     %[1]s
  Account     %[2]s
  Password    %[3]s
  Simulator   %[4]s   (in place of Fathom, Loom and Atlassian)
  Atlassian   %[8]s
  API token   %[9]s   (of this Atlassian account)
  Fathom key  %[10]s   (for accounts that you create)
  Admin UI    %[1]s/_/   (%[5]s / %[6]s)

%[7]s
Press Ctrl-C to stop the demo and remove its data.
`, d.server.url, email, password, d.simulator.URL(), d.server.adminEmail, d.server.adminPassword, fmt.Sprintf(steps, d.simulator.URL()),
		simulator.DemoAtlassianEmail, simulator.DemoAtlassianToken, simulator.DemoAPIKey)
	select {
	case <-ctx.Done():
		fmt.Fprintln(d.out, "\nStopping the demo and removing its data.")
		return nil
	case <-d.server.exited:
		return d.server.errorWithLog("the server exited unexpectedly")
	}
}
