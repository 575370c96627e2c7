package standby

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Litestream describes how Litestream finds the copy.
type Litestream struct {
	Program string // its name, or a path
	Config  string // the path of its configuration file
	DataDir string // the data directory whose database the file names; need not exist
	// Env returns its environment, given that of this process and the absolute path of DataDir.
	Env func(environ []string, dataDir string) []string
}

// Restore writes the newest copy of the global database to a file that doesn't exist, and has Litestream check its
// integrity. It needs a folder for the file. Restore returns ctx.Err if ctx ends, and otherwise an error that contains
// what Litestream reported.
func (l Litestream) Restore(ctx context.Context, target string) error {
	program, err := exec.LookPath(l.Program)
	if err != nil {
		return fmt.Errorf("litestream was not found: install it, or add --litestream PATH: %w", err)
	}
	if _, err := os.Stat(l.Config); err != nil {
		return fmt.Errorf("open Litestream's configuration: add --config PATH: %w", err)
	}
	dataDir, err := filepath.Abs(l.DataDir)
	if err != nil {
		return err
	}
	var report lastBytes
	command := exec.CommandContext(ctx, program, "restore", "-config", l.Config, "-integrity-check", "full", "-o", target, filepath.Join(dataDir, sqlite.DataFile))
	command.Env = l.Env(command.Environ(), dataDir)
	command.Stdout, command.Stderr = &report, &report
	if err := runMetered(ctx, command, target); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("fetch the copy of the global database with Litestream: %w: %s", err, report.lastLine())
	}
	info, err := os.Stat(target)
	if err == nil && info.Size() == 0 {
		err = errors.New("the copy is empty")
	}
	if err != nil {
		return fmt.Errorf("fetch the copy of the global database with Litestream: %w", err)
	}
	return os.Chmod(target, 0o600)
}

// runMetered runs a command and reports the size of the file that it writes, and of its working files beside it.
func runMetered(ctx context.Context, command *exec.Cmd, target string) error {
	meter := progress.Start(ctx, progress.Progress{Stage: "fetch the copy", Unit: progress.Bytes})
	if err := command.Start(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- command.Wait() }()
	tick := time.NewTicker(meterInterval)
	defer tick.Stop()
	for {
		select {
		case err := <-done: // also when ctx ends, which kills the command
			meter.Set(sizeOf(filepath.Dir(target)))
			return err
		case <-tick.C:
			meter.Set(sizeOf(filepath.Dir(target)))
		}
	}
}

const meterInterval = 500 * time.Millisecond

// sizeOf returns the number of bytes of the files in a folder, as far as it can be read.
func sizeOf(dir string) (bytes int64) {
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// maxReport is how much of what Litestream prints is kept.
const maxReport = 4 << 10

// lastBytes is an io.Writer that keeps the end of what is written. It isn't safe for concurrent use; exec.Cmd writes
// both streams in one goroutine if they have the same writer.
type lastBytes struct{ kept []byte }

func (b *lastBytes) Write(p []byte) (int, error) {
	b.kept = append(b.kept, p...)
	if surplus := len(b.kept) - maxReport; surplus > 0 {
		b.kept = bytes.Clone(b.kept[surplus:])
	}
	return len(p), nil
}

// lastLine returns the last line that isn't blank.
func (b *lastBytes) lastLine() string {
	text := strings.TrimSpace(string(b.kept))
	return text[strings.LastIndexByte(text, '\n')+1:]
}
