// Package clock notices when the clock of the machine jumps. What is due is decided by the clock, as everywhere; but
// what can't be undone waits for a day after a jump, so that an operator can correct the clock first. A restart doesn't
// shorten that day: a file records how much of it is left.
package clock

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
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

// Advice is what an operator should do about a clock that is wrong, without a full stop.
const Advice = "Synchronize the clock, for example with systemd-timesyncd or chrony"

// StateName is the name of the file in DATA_DIR in which a Guard keeps its state. It is only meaningful on this machine.
const StateName = ".clock"

// Config of a Guard.
type Config struct {
	// StateFile is the path of the file that records when the clock was last checked, and how long deletions still wait.
	StateFile string
	// SetBack is called after the clock has jumped back, to repair the times that were stored before. It is called again
	// at the next check, for what was stored after the repair with a time read before the jump, and after an error.
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
	heldUntil time.Duration // in elapsed time; deletions wait until then

	jumps       atomic.Int64
	repairAgain atomic.Bool // at the next check
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
	setBack := g.look() < -Tolerance
	if again := g.repairAgain.Swap(setBack); !setBack && !again {
		return nil
	}
	if err := g.cfg.SetBack(ctx); err != nil {
		g.repairAgain.Store(true)
		return fmt.Errorf("repair the times that were stored before the clock was set back: %w", err)
	}
	return nil
}

// MayDelete reports whether the clock can be relied on for deletions. It notices jumps without another Check, but before
// the first one it knows nothing and returns false.
func (g *Guard) MayDelete() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.wall.IsZero() || g.jump().Abs() > Tolerance { // the next Check reports it
		return false
	}
	return g.cfg.Elapsed() >= g.heldUntil
}

// Held returns for how long deletions still wait after a jump; 0 means that they don't.
func (g *Guard) Held() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(g.heldUntil-g.cfg.Elapsed(), 0)
}

// Jumps returns how many jumps of the clock were found since the start of the process.
func (g *Guard) Jumps() int64 { return g.jumps.Load() }

// jump returns by how much the clock has jumped since the last check.
func (g *Guard) jump() time.Duration {
	return g.cfg.Now().Round(0).Sub(g.wall) - (g.cfg.Elapsed() - g.elapsed)
}

// look returns by how much the clock has jumped, and starts the next period.
func (g *Guard) look() (by time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	first := g.wall.IsZero()
	var hold time.Duration // that another process has left
	if first {
		by, hold = g.sinceLastProcess()
	} else {
		by = g.jump()
	}
	g.wall, g.elapsed = g.cfg.Now().Round(0), g.cfg.Elapsed() // without the monotonic reading
	if by.Abs() > Tolerance {
		hold = Hold
		g.jumps.Add(1)
	}
	if hold > 0 {
		g.heldUntil = g.elapsed + hold
		g.cfg.Logger.Warn("the clock jumped or the server was stopped for long, so deletions wait: check the clock",
			"by", by.Round(time.Second), "now", g.wall.UTC().Format(time.RFC3339), "wait", hold.Round(time.Second))
	}
	if err := g.record(); err != nil && hold > 0 {
		g.cfg.Logger.Warn("failed to record that deletions wait; a restart would forget it", "error", err)
	}
	return by
}

// sinceLastProcess returns how far the clock is from when another process last checked it, or 0 unless the clock has been
// set back or the server was stopped for long, and how long deletions had to wait then. Waiting doesn't go on while no
// process runs, because nobody knows how long that was. If the file can't be read, deletions wait.
func (g *Guard) sinceLastProcess() (by, hold time.Duration) {
	var last state
	found, err := durable.ReadJSON(g.cfg.StateFile, &last)
	switch {
	case err != nil:
		g.cfg.Logger.Warn("failed to read when the clock was last checked", "error", err)
		return 0, Hold
	case !found: // the data directory was just created
		return 0, 0
	}
	hold = min(time.Duration(last.HoldSeconds)*time.Second, Hold)
	stopped := g.cfg.Now().Round(0).Sub(last.Seen)
	if stopped >= 0 && stopped < longStop {
		return 0, hold
	}
	return stopped, hold
}

// state is the content of the file.
type state struct {
	Seen        time.Time `json:"seen"` // the clock at the last check
	HoldSeconds int64     `json:"hold_seconds,omitempty"`
}

// record writes the file. It fails on a disk that is full, which others report; the next check tries again.
func (g *Guard) record() error {
	left := max(g.heldUntil-g.elapsed, 0)
	return durable.WriteJSON(g.cfg.StateFile, state{Seen: g.wall.UTC(), HoldSeconds: int64(math.Ceil(left.Seconds()))})
}
