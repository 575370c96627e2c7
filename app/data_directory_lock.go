package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/clock"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
)

const lockName = ".lock"

// RuntimeFiles are the names of the files in a data directory that are only meaningful on this machine, or while a process
// runs. Backups exclude them.
var RuntimeFiles = []string{lockName, control.SocketName, disk.ReserveName, backup.StateName, backup.StatusName, backup.WriterName, clock.StateName}

// ErrRunning means that another process owns the data directories.
var ErrRunning = errors.New("another fathom-to-loom is running")

// lockIfUsed locks the data directory if a process has locked it before. That detects a running server before
// anything else is examined, and adds no file to a directory that turns out to be another application's.
func (a *App) lockIfUsed() error {
	if _, err := os.Stat(filepath.Join(a.DataDir(), lockName)); err != nil {
		return nil // lock reports why, after inspectDataDirectory had a chance to say it better
	}
	return a.lock(a.DataDir())
}

// lock locks a data directory unless this process has already locked it.
func (a *App) lock(dir string) error {
	// The file is locked as well, because some file systems, such as NFS, can't lock folders.
	if err := a.lockFolder(dir); errors.Is(err, ErrRunning) {
		return err
	}
	return a.tryLock(dir, flock.New(filepath.Join(dir, lockName)))
}

// lockFolder locks a data directory without creating a file in it, unless this process has already locked it. A
// directory that was restored from a backup has no lock file.
func (a *App) lockFolder(dir string) error {
	if a.holds(filepath.Join(dir, lockName)) {
		return nil
	}
	return a.tryLock(dir, flock.New(dir, flock.SetFlag(os.O_RDONLY)))
}

func (a *App) tryLock(dir string, lock *flock.Flock) error {
	if a.holds(lock.Path()) {
		return nil
	}
	locked, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("lock data directory %s: %w", dir, fileperm.Explain(lock.Path(), err))
	}
	if !locked {
		return fmt.Errorf("%w on %s: stop it first", ErrRunning, dir)
	}
	a.locks = append(a.locks, lock)
	return nil
}

// holds reports whether this process has locked a file or folder.
func (a *App) holds(path string) bool {
	return slices.ContainsFunc(a.locks, func(held *flock.Flock) bool { return held.Path() == path })
}

func (a *App) unlock() error {
	var err error
	for _, lock := range a.locks {
		err = errors.Join(err, lock.Unlock())
	}
	a.locks = nil
	return err
}
