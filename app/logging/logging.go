// Package logging creates the server's log: its format, its level, where its lines go, and what every line says about
// the request or job that it belongs to ([With], [Add]). No line contains what [redact.Message] removes.
//
// Everything may be used concurrently. A line costs nothing unless its level is enabled. Writing a line never fails
// and never waits for anything but the writers: a full disk loses lines of the file, not the work that they are about.
package logging

import (
	"fmt"
	"io"
	"log/slog"
)

// Format is how lines are written.
type Format string

// Formats of lines.
const (
	Text Format = "text" // key=value pairs
	JSON Format = "json" // an object per line; durations are numbers of seconds
)

// Log is the log of a process. It writes to a console and, once OpenFile was called, to a file as well.
type Log struct {
	logger *slog.Logger
	level  slog.LevelVar
	out    output
}

// New returns a log that writes lines of at least the given level to a console.
func New(format Format, level slog.Level, console io.Writer) *Log {
	l := &Log{out: output{console: console}}
	l.level.Set(level)
	options := &slog.HandlerOptions{Level: &l.level, ReplaceAttr: replaceAttr}
	var inner slog.Handler
	if format == JSON {
		options.ReplaceAttr = replaceJSONAttr
		inner = slog.NewJSONHandler(&l.out, options)
	} else {
		inner = slog.NewTextHandler(&l.out, options)
	}
	l.logger = slog.New(&handler{inner: inner})
	return l
}

// Logger returns the logger, which is the same for every call.
func (l *Log) Logger() *slog.Logger { return l.logger }

// Level returns the lowest level that is logged.
func (l *Log) Level() slog.Level { return l.level.Level() }

// SetLevel changes the lowest level that is logged, until the process ends.
func (l *Log) SetLevel(level slog.Level) { l.level.Set(level) }

// SetConsole replaces the console.
func (l *Log) SetConsole(console io.Writer) { l.out.setConsole(console) }

// OpenFile writes all further lines to a file, too. Call it at most once. It returns an error if the file can't be
// written, unless the disk is full.
func (l *Log) OpenFile(cfg FileConfig) error {
	opened, err := openFile(cfg)
	if err != nil {
		return fmt.Errorf("open log file: %w", err)
	}
	l.out.setFile(opened)
	return nil
}

// Close closes the file, if there is one, and waits until old files are compressed. Further lines go to the console
// only. A second call does nothing.
func (l *Log) Close() error { return l.out.closeFile() }
