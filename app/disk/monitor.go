// Package disk handles disks that are full or read-only. A Monitor keeps a reserve of 64 MB on each file system
// with data. It releases the reserve when the file system is full, so that the server starts, people can read,
// export and delete, and what they delete can be deleted; it creates it again when there is space. As long as the
// reserve is released, nothing may be stored that isn't necessary for this.
//
// Explain is the one place that turns the errors of a full or read-only disk, and of a locked database, into responses.
//
// A Monitor is safe for concurrent use. The package must not delete anything but its own files, and must not
// decide how much a user may store.
package disk

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
)

const (
	// checkInterval is how often the free space is checked.
	checkInterval = 10 * time.Second

	// LowSpace is the number of free bytes below which a disk counts as full. Temporary files leave as much free.
	LowSpace = 16 << 20

	// enoughSpace is the number of bytes, free or still in the reserve, from which the whole reserve is created.
	// Some must be left afterwards, so that the disk isn't full again immediately.
	enoughSpace = ReserveSize + 2*LowSpace
)

// FullAdvice is what an operator should do about a full disk, without a full stop.
const FullAdvice = "Free some space, or move the directory to a larger disk"

const fullLog = "disk is full: only reading, exporting and deleting is possible until there is space"

// ErrFull is returned for anything that would store more on a full disk. It is a [syscall.ENOSPC].
var ErrFull = fmt.Errorf("disk is full: only reading and deleting is possible: %w", syscall.ENOSPC)

// Config configures a Monitor. Everything but Dirs is optional.
type Config struct {
	Dirs   []string                        // data directories; they must exist before Prepare
	Usage  func(dir string) (Usage, error) // default: UsageOf, and whether the folder can be written
	Logger *slog.Logger                    // default: discards everything
	Now    func() time.Time                // default: time.Now
}

// Monitor watches the file systems of the data directories. It must be created with New.
type Monitor struct {
	cfg        Config
	background background.Group
	log        faultLog

	full, readOnly atomic.Bool              // whether any volume is
	latest         atomic.Pointer[[]Volume] // as of the last check

	mu      sync.Mutex
	volumes []*volume // one per file system; set by Prepare
}

// volume is a file system.
type volume struct {
	dir     string // the data directory that contains the reserve
	reserve reserve
	full    bool // the reserve is released, and stays so until there is enough space
	warned  bool // that there is too little space for a reserve

	usage Usage // at the last check
}

// New returns a Monitor that isn't started yet.
func New(cfg Config) *Monitor {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.Usage == nil {
		cfg.Usage = probedUsage
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Monitor{cfg: cfg, log: faultLog{logger: cfg.Logger, now: cfg.Now}}
}

// Prepare makes room on full disks. Call it before anything else is written.
func (m *Monitor) Prepare() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.volumes = nil
	known := map[uint64]bool{}
	for _, dir := range m.cfg.Dirs {
		usage, err := m.cfg.Usage(dir)
		if err != nil {
			return fmt.Errorf("check the free space of %s: %w", dir, err)
		}
		if known[usage.Device] {
			continue
		}
		known[usage.Device] = true
		v := &volume{dir: dir, reserve: reserveIn(dir)}
		size, found, err := v.reserve.size()
		if err != nil {
			return err
		}
		v.full = found && size < ReserveSize
		m.volumes = append(m.volumes, v)
		if usage.Free >= LowSpace {
			continue
		}
		if err := v.reserve.release(0); err != nil {
			return err
		}
		v.full = true
		m.cfg.Logger.Error(fullLog, "directory", v.dir, "free", usage.Free)
	}
	m.check(LowSpace)
	return nil
}

// Start checks the free space every ten seconds. Call it after Prepare.
func (m *Monitor) Start(ctx context.Context) error {
	m.background.Start(ctx)
	return m.background.Go(func(ctx context.Context) {
		background.Every(ctx, checkInterval, func(context.Context) { m.Check() })
	})
}

// Stop ends the checks. It may be called more than once and without Start.
func (m *Monitor) Stop(ctx context.Context) error { return m.background.Stop(ctx) }

// Check checks the free space now.
func (m *Monitor) Check() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.check(LowSpace)
}

// writeFailed checks the free space after a write failed for lack of space. The disk then counts as full even if
// a few megabytes are free, because that was not enough.
func (m *Monitor) writeFailed() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.check(ReserveSize)
}

// Problem returns Full or ReadOnly if a disk is, otherwise NoFault.
func (m *Monitor) Problem() Fault {
	switch {
	case m.readOnly.Load():
		return ReadOnly
	case m.full.Load():
		return Full
	}
	return NoFault
}

// CheckSpace returns ErrFull if nothing more may be stored.
func (m *Monitor) CheckSpace() error {
	if m.full.Load() {
		return ErrFull
	}
	return nil
}

// check updates the volumes. One with less free space than low is full. The caller holds the lock.
func (m *Monitor) check(low int64) {
	var full, readOnly bool
	for _, v := range m.volumes {
		usage, err := m.cfg.Usage(v.dir)
		if err != nil {
			m.cfg.Logger.Error("failed to check the free disk space", "directory", v.dir, "error", err)
		} else if usage.ReadOnly {
			readOnly, v.usage = true, usage
		} else {
			m.checkVolume(v, usage.Free, low)
			v.usage = usage
		}
		full = full || v.full
	}
	m.publish()
	m.full.Store(full)
	if m.readOnly.Swap(readOnly) != readOnly {
		m.log.reportReadOnly(readOnly)
	}
}

func (m *Monitor) checkVolume(v *volume, free, low int64) {
	size, _, err := v.reserve.size()
	if err != nil {
		m.cfg.Logger.Error("failed to check the disk reserve", "directory", v.dir, "error", err)
		return
	}
	switch {
	case !v.full && free < low:
		m.cfg.Logger.Error(fullLog, "directory", v.dir, "free", free)
		v.full = true
		if err := v.reserve.release(startReserve); err != nil {
			m.cfg.Logger.Error("failed to release the disk reserve", "error", err)
		}
	case size < ReserveSize && free+size >= enoughSpace:
		if err := v.reserve.create(); err != nil {
			m.cfg.Logger.Warn("failed to create the disk reserve", "directory", v.dir, "error", err)
			return
		}
		if v.full {
			m.cfg.Logger.Info("disk has space again", "directory", v.dir, "free", free+size-ReserveSize)
		}
		v.full, v.warned = false, false
	case size < ReserveSize && !v.full && !v.warned:
		m.cfg.Logger.Warn("too little disk space for the reserve that lets the server start on a full disk",
			"directory", v.dir, "free", free, "needed", enoughSpace)
		v.warned = true
	}
}
