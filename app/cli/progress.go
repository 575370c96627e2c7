package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
)

// errInterrupted is the error of a long command that was stopped with Ctrl-C or SIGTERM.
var errInterrupted = errors.New("interrupted")

// longCommand describes a command that shows its progress.
type longCommand struct {
	Name   string // shown before the progress, such as "backup"
	Resume string // what is true after an interruption, as a part of a sentence: "run the command again to continue"
}

// How often progress is shown. On a terminal, package progress limits it.
const (
	lineInterval  = 10 * time.Second
	eventInterval = time.Second
)

// withProgress runs the work of a command and shows the progress that it reports to its context on standard error: on a
// terminal as a bar, with --json as events, one JSON object a line, and otherwise as a line every ten seconds. What the
// command itself prints doesn't mix with the bar. If the command's context ends, withProgress returns errInterrupted
// with c.Resume, or with the error of the work if that failed for another reason at the same time.
func withProgress(command *cobra.Command, c longCommand, work func(ctx context.Context) error) error {
	view := newProgressView(command, c.Name)
	out := command.OutOrStdout()
	command.SetOut(&aboveBar{view, out})
	err := work(progress.With(command.Context(), view.show))
	command.SetOut(out)
	view.finish()
	switch {
	case err == nil || command.Context().Err() == nil:
		return err
	case isInterruption(err):
		return fmt.Errorf("%w: %s", errInterrupted, c.Resume)
	}
	return fmt.Errorf("%w: %w", errInterrupted, err)
}

// isInterruption reports whether an error only says that a context was cancelled. From the control socket, errors arrive as
// texts.
func isInterruption(err error) bool {
	return errors.Is(err, context.Canceled) || strings.Contains(err.Error(), context.Canceled.Error())
}

// progressView shows progress. Its methods may be called concurrently.
type progressView struct {
	name string
	to   io.Writer
	mode progressMode
	now  func() time.Time
	// columns returns the width of the terminal.
	columns func() int

	mu     sync.Mutex
	rate   rate
	latest progress.Progress
	known  bool // there is a latest
	shown  progress.Progress
	last   time.Time // when progress was last shown as a line or an event
	bar    bool      // a bar is on the last line of the terminal
}

type progressMode int

const (
	progressLines progressMode = iota
	progressBar
	progressEvents
)

func newProgressView(command *cobra.Command, name string) *progressView {
	to := command.ErrOrStderr()
	v := &progressView{name: name, to: to, now: time.Now, last: time.Now()}
	file, isFile := to.(*os.File)
	switch {
	case wantsJSON(command):
		v.mode, v.last = progressEvents, time.Time{}
	case isFile && term.IsTerminal(int(file.Fd())):
		v.mode = progressBar
		v.columns = func() int {
			width, _, err := term.GetSize(int(file.Fd()))
			if err != nil || width <= 0 {
				return 80
			}
			return width
		}
	}
	return v
}

func (v *progressView) show(p progress.Progress) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.known || p.Stage != v.latest.Stage || p.Unit != v.latest.Unit {
		v.endStage()
		v.rate = rate{}
	}
	v.latest, v.known = p, true
	v.rate.add(v.now(), p.Done)
	switch v.mode {
	case progressBar:
		v.drawBar()
	case progressLines:
		if v.now().Sub(v.last) >= lineInterval {
			v.writeLine()
		}
	case progressEvents:
		if v.now().Sub(v.last) >= eventInterval {
			v.writeEvent()
		}
	}
}

// finish shows the end of the last stage and removes the bar.
func (v *progressView) finish() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.endStage()
	v.clearBar()
}

// endStage shows the last progress of a stage, if something of the stage was shown before, or with --json always.
func (v *progressView) endStage() {
	if !v.known || v.latest == v.shown {
		return
	}
	switch {
	case v.mode == progressEvents:
		v.writeEvent()
	case v.mode == progressLines && v.shown.Unit != "" && v.shown.Stage == v.latest.Stage:
		v.writeLine()
	}
}

// Errors of writing progress are ignored: it is not the result of the command.

func (v *progressView) writeLine() {
	_, _ = fmt.Fprintln(v.to, progressText(v.name, v.latest, v.rate))
	v.shown, v.last = v.latest, v.now()
}

func (v *progressView) writeEvent() {
	_ = writeProgressEvent(v.to, v.latest, v.rate)
	v.shown, v.last = v.latest, v.now()
}

func (v *progressView) drawBar() {
	_, _ = io.WriteString(v.to, clearLine+progressBarText(v.name, v.latest, v.rate, v.columns()))
	v.bar = true
}

// clearLine moves the cursor of a terminal to the start of the line and erases the line.
const clearLine = "\r\x1b[K"

func (v *progressView) clearBar() {
	if v.bar {
		_, _ = io.WriteString(v.to, clearLine)
		v.bar = false
	}
}

// aboveBar writes to standard output while a bar may be shown on the same terminal.
type aboveBar struct {
	view *progressView
	io.Writer
}

func (w *aboveBar) Write(p []byte) (int, error) {
	w.view.mu.Lock()
	defer w.view.mu.Unlock()
	shown := w.view.bar
	w.view.clearBar()
	if w.view.mode == progressEvents {
		w.view.endStage() // events end before the result
	}
	n, err := w.Writer.Write(p)
	if shown && n > 0 && p[n-1] == '\n' {
		w.view.drawBar()
	}
	return n, err
}
