package ledger

import (
	"sync"
	"sync/atomic"
)

// device is one file system.
type device struct {
	ledger *Ledger

	mu        sync.Mutex   // makes reading the free space and reserving it one step
	unwritten atomic.Int64 // bytes that are reserved but not written yet
}

// room returns how many bytes may still be reserved if some must stay free. The result is negative if these are in
// use.
func (d *device) room(dir string, reserve int64) (int64, error) {
	free, err := d.ledger.free(dir)
	if err != nil {
		return 0, err
	}
	return free - reserve - d.unwritten.Load(), nil
}

// reserve reserves bytes, or returns a *DiskError. dir is any folder on the file system.
func (d *device) reserve(dir, what string, bytes int64) error {
	return d.reserveAbove(d.ledger.reserve, dir, what, bytes)
}

// reserveAbove is like reserve, with another number of bytes that must stay free.
func (d *device) reserveAbove(reserve int64, dir, what string, bytes int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	room, err := d.room(dir, reserve)
	if err != nil {
		return err
	}
	if bytes > room {
		return &DiskError{What: what, Needed: bytes, Available: room}
	}
	d.unwritten.Add(bytes)
	return nil
}

// checkReserve returns a *DiskError if writing bytes that are already reserved would use the reserve of the
// file system, because something outside the ledger has taken the space.
func (d *device) checkReserve(dir, what string, bytes int64) error {
	free, err := d.ledger.free(dir)
	if err != nil {
		return err
	}
	if room := free - d.ledger.reserve; bytes > room {
		return &DiskError{What: what, Needed: bytes, Available: room}
	}
	return nil
}
