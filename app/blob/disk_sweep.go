package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"
)

// Sweep implements Store. Unfinished uploads are named by their ID.
func (d *Disk) Sweep(ctx context.Context, database string, before time.Time, isNamed func(string) bool) (removed int, err error) {
	var unnamed []string
	for info, err := range d.List(ctx, database) {
		if err != nil {
			return 0, err
		}
		if info.Modified.Before(before) && !isNamed(info.Key) {
			unnamed = append(unnamed, info.Key)
		}
	}
	for _, key := range unnamed {
		if err := d.Delete(ctx, key); err != nil {
			return removed, err
		}
		removed++
	}
	partials, err := d.sweepPartials(ctx, database, before, isNamed)
	return removed + partials, errors.Join(err, d.sweepLegacy(database, before))
}

// sweepPartials removes partial files that no upload names, except for those that have a Writer.
func (d *Disk) sweepPartials(ctx context.Context, database string, before time.Time, isNamed func(string) bool) (removed int, err error) {
	folder, err := d.openStorage(database)
	if errors.Is(err, errNoFolder) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer folder.Close()
	names, err := readNames(folder, partialFolder)
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return removed, err
		}
		id := path.Join(database, storageFolder, partialFolder, name)
		if isNamed(id) {
			continue
		}
		swept, err := d.sweepPartial(folder, id, path.Join(partialFolder, name), before)
		if err != nil {
			return removed, err
		}
		if swept {
			removed++
		}
	}
	return removed, nil
}

func (d *Disk) sweepPartial(folder *os.Root, id, file string, before time.Time) (removed bool, err error) {
	release, err := d.inUse.acquire(id)
	if errors.Is(err, ErrBusy) {
		return false, nil
	}
	defer release()
	info, err := statFile(folder, file)
	if errors.Is(err, ErrNotFound) || (err == nil && !info.ModTime().Before(before)) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := removeFile(folder, file); err != nil {
		return false, err
	}
	return true, nil
}

// sweepLegacy removes old partial files of earlier versions. Begin has moved those that it could use.
func (d *Disk) sweepLegacy(database string, before time.Time) error {
	dir := filepath.Join(d.root, database, legacyPartial)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list partial files of an earlier version: %w", err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && info.ModTime().Before(before) {
			err = os.Remove(filepath.Join(dir, entry.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a partial file of an earlier version: %w", err)
		}
	}
	_ = os.Remove(dir) // succeeds only if nothing is left in it
	return nil
}
