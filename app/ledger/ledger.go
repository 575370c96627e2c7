// Package ledger decides how many bytes the program may still write for its users. It is the only place that
// knows: everything that is written on behalf of a user is reserved here first.
//
// A Ledger keeps a reserve free on every file system: reservations may use what is free beyond the reserve,
// minus what others have reserved and not written yet. An Account does the same for the quota of one user
// database. A writer that knows its size reserves all of it before it starts; one that doesn't reserves a few
// megabytes at a time, so both limits hold while any number of writers write.
//
// All types are safe for concurrent use, except that a File has one writer. The package never creates, changes
// or removes a file; it must not know what the files contain.
package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
)

// DefaultReserve is the number of bytes that stay free on a file system by default, so that the databases
// don't run out of space.
const DefaultReserve = disk.ReserveSize

// Config configures a Ledger. The zero value is valid.
type Config struct {
	Reserve int64                           // bytes that stay free on each file system; 0 means DefaultReserve
	Free    func(dir string) (int64, error) // free bytes on the file system of a folder; nil asks the system
}

// Ledger keeps account of the file systems. It must be created with New.
type Ledger struct {
	reserve int64
	free    func(dir string) (int64, error)

	mu      sync.Mutex
	devices map[uint64]*device // by device number; there are as many as mounted file systems in use
}

// New returns a Ledger without reservations.
func New(cfg Config) *Ledger {
	l := &Ledger{reserve: cfg.Reserve, free: cfg.Free, devices: map[uint64]*device{}}
	if l.reserve == 0 {
		l.reserve = DefaultReserve
	}
	if l.free == nil {
		l.free = freeSpace
	}
	return l
}

// freeSpace returns the bytes that an unprivileged process may still write.
func freeSpace(dir string) (int64, error) {
	usage, err := disk.UsageOf(dir)
	return usage.Free, err
}

// Reserve reserves bytes on the file system of an existing folder. what names the purpose, such as "export",
// for errors. It returns a *DiskError if there is too little space. The caller must release the reservation
// once the bytes are written, or won't be.
func (l *Ledger) Reserve(dir, what string, bytes int64) (*Reservation, error) {
	return l.reserveAbove(l.reserve, dir, what, bytes)
}

// temporaryReserve is the part of the reserve that temporary files must leave free.
const temporaryReserve = disk.LowSpace

// ReserveTemporary is Reserve for files that are removed within minutes: they may use the reserve of the file system
// except for 16 MB.
func (l *Ledger) ReserveTemporary(dir, what string, bytes int64) (*Reservation, error) {
	return l.reserveAbove(min(temporaryReserve, l.reserve), dir, what, bytes)
}

func (l *Ledger) reserveAbove(reserve int64, dir, what string, bytes int64) (*Reservation, error) {
	device, err := l.device(dir)
	if err != nil {
		return nil, err
	}
	if err := device.reserveAbove(reserve, dir, what, bytes); err != nil {
		return nil, err
	}
	return &Reservation{disk: device, onDisk: bytes}, nil
}

// device returns the file system of a folder.
func (l *Ledger) device(dir string) (*device, error) {
	usage, err := disk.UsageOf(dir)
	if err != nil {
		return nil, fmt.Errorf("find the file system: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.devices[usage.Device] == nil {
		l.devices[usage.Device] = &device{ledger: l}
	}
	return l.devices[usage.Device], nil
}

// deviceOfFile returns the file system on which a file would be created, and an existing folder on it: the closest
// one above the file. It returns an error if that is a link to a folder that doesn't exist, for example because a
// disk isn't mounted.
func (l *Ledger) deviceOfFile(path string) (*device, string, error) {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		device, err := l.device(dir)
		if err == nil || !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return device, dir, err
		}
		if _, linkErr := os.Lstat(dir); linkErr == nil {
			return nil, "", err
		}
	}
}

// Reservation holds bytes that are about to be written.
type Reservation struct {
	disk    *device
	onDisk  int64
	account *Account // nil unless the bytes count towards a quota
	quota   int64

	once sync.Once
}

// Release ends the reservation. Further calls have no effect, nor has a call on nil.
func (r *Reservation) Release() {
	if r == nil {
		return
	}
	r.once.Do(func() {
		r.disk.unwritten.Add(-r.onDisk)
		if r.account != nil {
			r.account.reserved.Add(-r.quota)
		}
	})
}

// Writer returns a Writer for bytes on the file system of an existing folder, whose number is not known yet. what
// names the purpose for errors.
func (l *Ledger) Writer(dir, what string) *Writer {
	return &Writer{ledger: l, dir: dir, what: what}
}

// Writer reserves disk space for something of unknown size while it is written. Only one goroutine may use it.
type Writer struct {
	ledger    *Ledger
	dir, what string
	disk      *device // nil before the first use
	left      int64   // bytes that are reserved and not written yet
}

// Allow must be called before more bytes are written. It returns a *DiskError if they must not be.
func (w *Writer) Allow(bytes int64) error {
	if w.disk == nil {
		disk, err := w.ledger.device(w.dir)
		if err != nil {
			return err
		}
		w.disk = disk
	}
	if bytes > w.left {
		more := max(step, bytes)
		if err := w.disk.reserve(w.dir, w.what, more); err != nil {
			return err
		}
		w.left += more
	}
	w.left -= bytes
	w.disk.unwritten.Add(-bytes)
	return nil
}

// Release ends the reservation. Further calls have no effect.
func (w *Writer) Release() {
	if w.disk != nil {
		w.disk.unwritten.Add(-w.left)
		w.left = 0
	}
}
