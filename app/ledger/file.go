package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
	"time"
)

// step is how many bytes a file of unknown size reserves at a time, and how many bytes are written between two
// checks of the free space.
const step = 4 << 20

// FileSpec describes a file that is about to be written: on disk, or on another server if Remote is set.
type FileSpec struct {
	What string // its purpose for errors, such as "video"
	Path string // of a file on disk, inside the folder of the account; its own folder needn't exist yet
	Size int64  // the final size in bytes; 0 if unknown
	Max  int64  // the maximum size in bytes; 0 means no limit

	Remote   bool   // it counts towards the quota but needs no disk space
	Key      string // what AccountConfig.Stored calls a remote file; blank if nothing of it is stored yet
	Existing int64  // bytes of a remote file that are stored already
}

// name returns what identifies the file to AccountConfig.Stored.
func (s FileSpec) name() string {
	if s.Remote {
		return s.Key
	}
	return s.Path
}

// File reserves space for one file while it is written. Only its writer may call its methods.
type File struct {
	account *Account
	disk    *device // nil if the file is remote
	dir     string  // an existing folder on that file system
	spec    FileSpec

	written atomic.Int64 // bytes; changed by the writer
	granted int64        // bytes that the file may reach; changed by the writer while it holds account.mu
	checked int64        // the value of written at the last check of the free space
}

// OpenFile reserves space for a file, on the file system of its folder. It counts what the file already contains.
// If Size is known, it reserves all of it and returns a *SizeError, *QuotaError or *DiskError if it doesn't fit. The
// caller must close the File when it stops writing, before it renames the file.
func (a *Account) OpenFile(spec FileSpec) (*File, error) {
	if spec.Max > 0 && spec.Size > spec.Max {
		return nil, &SizeError{What: spec.What, Needed: spec.Size, Max: spec.Max}
	}
	existing := spec.Existing
	f := &File{account: a, spec: spec}
	if !spec.Remote {
		var err error
		if existing, err = sizeOf(spec.Path); err != nil {
			return nil, err
		}
		if f.disk, f.dir, err = a.ledger.deviceOfFile(spec.Path); err != nil {
			return nil, err
		}
	}
	f.granted, f.checked = existing, existing
	f.written.Store(existing)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.files == nil {
		a.files = map[*File]struct{}{}
	}
	a.files[f] = struct{}{}
	a.measured = time.Time{} // measure again, without this file
	var err error
	if spec.Size > 0 {
		err = f.grant(spec.Size, spec.Size, false)
	} else {
		err = f.grant(existing+1, existing+step, true)
	}
	if err != nil {
		f.remove(existing)
		return nil, err
	}
	return f, nil
}

// Allow must be called before the file grows to a size, in bytes, and after it was truncated to one. It returns
// a *SizeError, *QuotaError or *DiskError if the file must not grow. Usually it costs a few nanoseconds.
func (f *File) Allow(size int64) error {
	if size > f.granted {
		if f.spec.Max > 0 && size > f.spec.Max {
			return &SizeError{What: f.spec.What, Max: f.spec.Max}
		}
		f.account.mu.Lock()
		err := f.grant(size, size+step, true)
		f.account.mu.Unlock()
		if err != nil {
			return err
		}
	}
	if f.disk == nil {
		f.written.Store(size)
		return nil
	}
	if size-f.checked >= step {
		written := f.written.Load()
		if err := f.disk.checkReserve(f.dir, f.spec.What, min(size-written+step, f.granted-written)); err != nil {
			return err
		}
		f.checked = size
	}
	f.checked = min(f.checked, size)
	f.disk.unwritten.Add(f.written.Swap(size) - size)
	return nil
}

// SetKey tells what AccountConfig.Stored calls a remote file from now on, so that the file doesn't count twice.
func (f *File) SetKey(key string) {
	f.account.mu.Lock()
	defer f.account.mu.Unlock()
	if f.spec.Key != key {
		f.spec.Key = key
		f.account.measured = time.Time{} // measure again, without this file
	}
}

// grant lets the file reach the wanted size in bytes, or at least the required one. The caller must hold
// account.mu.
func (f *File) grant(required, wanted int64, unknown bool) error {
	a := f.account
	if f.spec.Max > 0 {
		wanted = min(wanted, f.spec.Max)
	}
	if required <= f.granted {
		return nil
	}
	room, err := a.room(required - f.granted)
	if err != nil {
		return err
	}
	if room < required-f.granted {
		left := max(f.granted+room, 0)
		return &QuotaError{What: f.spec.What, Needed: required, AtLeast: unknown, Available: left, Quota: a.cfg.Quota}
	}
	if room < wanted-f.granted {
		wanted = f.granted + room
	}
	if f.disk != nil {
		err = f.disk.reserve(f.dir, f.spec.What, wanted-f.granted)
		if _, full := errors.AsType[*DiskError](err); full && required < wanted {
			wanted = required
			err = f.disk.reserve(f.dir, f.spec.What, wanted-f.granted)
		}
		if err != nil {
			return err
		}
	}
	f.granted = wanted
	return nil
}

// Close ends the reservation. The file counts with the size that it has on disk, which is 0 if it was removed; a
// remote file with the size that AccountConfig.Stored finds. Further calls have no effect.
func (f *File) Close() error {
	if f.spec.Remote {
		f.account.mu.Lock()
		defer f.account.mu.Unlock()
		if _, open := f.account.files[f]; open {
			f.remove(0)
			f.account.measured = time.Time{}
		}
		return nil
	}
	size, err := sizeOf(f.spec.Path)
	f.account.mu.Lock()
	defer f.account.mu.Unlock()
	f.remove(size)
	return err
}

// remove takes the file off the account, which then contains it with the given size in bytes. The caller must
// hold account.mu.
func (f *File) remove(size int64) {
	if _, open := f.account.files[f]; !open {
		return
	}
	delete(f.account.files, f)
	if f.disk != nil {
		f.disk.unwritten.Add(f.written.Load() - f.granted)
	}
	if !f.account.measured.IsZero() { // otherwise the next measurement includes the file
		f.account.stored += size
	}
}

// sizeOf returns the size of a file in bytes, 0 if it doesn't exist.
func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("measure a file: %w", err)
	}
	return info.Size(), nil
}
