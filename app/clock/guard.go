// Package clock notices when the clock of the machine jumps. What is due is decided by the clock, as everywhere; but
// what can't be undone waits for a day after a jump, so that an operator can correct the clock first.
package clock

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"
)

const (
	// Tolerance is the difference from which on a change of the clock is a jump. Daylight saving time doesn't change
	// the clock, and time servers correct a few seconds.
	Tolerance = 10 * time.Minute

	// Hold is how long deletions wait after a jump, in the time of the machine.
	Hold = 24 * time.Hour

	// longStop is the time without a server from which on a start is treated as a jump: nobody can tell the difference.
	longStop = 7 * 24 * time.Hour
)

// Config of a Guard.
type Config struct {
	// SeenFile is a file whose modification time records when the clock was last checked. The Guard never creates it.
	SeenFile string
	// SetBack is called after the clock has jumped back, to repair the times that were stored before.
	SetBack func(ctx context.Context) error
	Logger  *slog.Logger
	Now     func() time.Time // the default is time.Now
	// Elapsed returns the time since some moment, without jumps. The default is the monotonic clock.
	Elapsed func() time.Duration
}

// Guard compares the clock with the monotonic clock of the machine. It is safe for concurrent use.
type Guard struct {
	cfg Config

	mu        sync.Mutex
	wall      time.Time // at the last check; zero before the first
	elapsed   time.Duration
	heldUntil time.Duration // in elapsed time; 0 if deletions needn't wait
}

// NewGuard returns a Guard that hasn't checked anything yet.
func NewGuard(cfg Config) *Guard {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Elapsed == nil {
		start := time.Now()
		cfg.Elapsed = func() time.Duration { return time.Since(start) }
	}
	return &Guard{cfg: cfg}
}

// Check looks for a jump since the last check or, the first time, since another process checked the clock. After a jump
// back, it returns the error of SetBack. Call it every minute.
func (g *Guard) Check(ctx context.Context) error {
	if g.look() >= -Tolerance {
		return nil
	}
	if err := g.cfg.SetBack(ctx); err != nil {
		return fmt.Errorf("repair the times that were stored before the clock was set back: %w", err)
	}
	return nil
}

// MayDelete reports whether the clock can be relied on for deletions. It notices jumps by itself.
func (g *Guard) MayDelete() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.wall.IsZero() {
		if by := g.jump(); by.Abs() > Tolerance { // the next Check reports it
			return false
		}
	}
	return g.heldUntil == 0 || g.cfg.Elapsed() >= g.heldUntil
}

// jump returns by how much the clock has jumped since the last check.
func (g *Guard) jump() time.Duration {
	return g.cfg.Now().Round(0).Sub(g.wall) - (g.cfg.Elapsed() - g.elapsed)
}

// look returns by how much the clock has jumped, and starts the next period.
func (g *Guard) look() (by time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.wall.IsZero() {
		by = g.sinceLastProcess()
	} else {
		by = g.jump()
	}
	g.wall, g.elapsed = g.cfg.Now().Round(0), g.cfg.Elapsed() // without the monotonic reading
	g.recordSeen()
	if by.Abs() <= Tolerance {
		return by
	}
	g.heldUntil = g.elapsed + Hold
	g.cfg.Logger.Warn("the clock jumped or the server was stopped for long, so deletions wait: check the clock",
		"by", by.Round(time.Second), "now", g.wall.UTC().Format(time.RFC3339), "wait", Hold)
	return by
}

// sinceLastProcess returns 0 unless the clock has been set back or the server was stopped for long.
func (g *Guard) sinceLastProcess() time.Duration {
	info, err := os.Stat(g.cfg.SeenFile)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			g.cfg.Logger.Warn("failed to read when the clock was last checked", "error", err)
		}
		return 0
	}
	stopped := g.cfg.Now().Round(0).Sub(info.ModTime())
	if stopped >= 0 && stopped < longStop {
		return 0
	}
	return stopped
}

// recordSeen ignores errors: a disk that can't be written is reported elsewhere, and a missing file means that the data
// directory was just created.
func (g *Guard) recordSeen() { _ = os.Chtimes(g.cfg.SeenFile, time.Time{}, g.wall) }
