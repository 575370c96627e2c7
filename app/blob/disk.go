package blob

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"syscall"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// Disk is the engine that stores recordings in the folders of the user databases, where PocketBase expects them:
// {database}/storage/{collection}/{record}/recording.mp4. It has no links, because PocketBase serves these files.
//
// The state of an upload is a partial file. The storage folder may lie on another file system than the database, by a
// mount or by a symbolic link that the operator created. Symbolic links below that folder must not leave it.
type Disk struct {
	root  string
	inUse inUse // by the IDs of uploads
}

var _ Store = (*Disk)(nil)

// NewDisk creates the engine for the user databases in a folder. It doesn't access the folder.
func NewDisk(root string) *Disk { return &Disk{root: root} }

// Engine implements Store.
func (d *Disk) Engine() Engine { return EngineDisk }

// Begin implements Store. It keeps the bytes that an earlier upload of the same recording from the same source has
// stored, unless there are more than the target allows.
func (d *Disk) Begin(ctx context.Context, target Target) (Upload, error) {
	if err := target.check(); err != nil {
		return Upload{}, err
	}
	upload := Upload{Engine: EngineDisk, Key: target.Database + "/" + target.Path}
	if _, _, err := splitDiskKey(upload.Key); err != nil {
		return Upload{}, err
	}
	if err := ctx.Err(); err != nil {
		return Upload{}, err
	}
	if err := d.createStorage(target.Database); err != nil {
		return Upload{}, err
	}
	folder, err := d.createPartialFolder(target.Database)
	if err != nil {
		return Upload{}, err
	}
	upload.ID = path.Join(target.Database, folder, target.Recording+"-"+target.Source+partialSuffix)
	release, err := d.inUse.acquire(upload.ID)
	if err != nil {
		return Upload{}, err
	}
	defer release()
	upload.Size, err = d.createPartial(upload, target)
	return upload, err
}

// createPartial creates the partial file of an upload, or keeps it, and returns its size in bytes.
func (d *Disk) createPartial(upload Upload, target Target) (size int64, err error) {
	files, err := d.openUpload(upload)
	if err != nil {
		return 0, err
	}
	defer files.close()
	partial, err := files.partials.OpenFile(files.partial, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return 0, fmt.Errorf("create partial file: %w", err)
	}
	size, err = truncateOversized(partial, target)
	if err := errors.Join(err, partial.Close()); err != nil {
		return 0, err
	}
	now := time.Now()
	// Sweep must not remove it before its upload is saved.
	if err := files.partials.Chtimes(files.partial, now, now); err != nil {
		return 0, fmt.Errorf("touch partial file: %w", err)
	}
	// Otherwise a power cut could remove the file after the caller has saved the state.
	return size, durable.SyncDir(files.partials.Name())
}

// truncateOversized empties a partial file that has more bytes than the target allows: they are from another file.
func truncateOversized(partial *os.File, target Target) (size int64, err error) {
	info, err := partial.Stat()
	if err != nil {
		return 0, fmt.Errorf("stat partial file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("open partial file: %w", errNotRegular)
	}
	limit := target.Size
	if limit <= 0 {
		limit = target.MaxSize
	}
	if limit <= 0 || info.Size() <= limit {
		return info.Size(), nil
	}
	if err := partial.Truncate(0); err != nil {
		return 0, fmt.Errorf("truncate partial file: %w", err)
	}
	return 0, nil
}

// Complete implements Store. The file gets its final name by a rename.
func (d *Disk) Complete(ctx context.Context, upload Upload) error {
	if !upload.Complete() {
		return errIncomplete
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	release, err := d.inUse.acquire(upload.ID)
	if err != nil {
		return err
	}
	defer release()
	files, err := d.openUpload(upload)
	if err != nil {
		return err
	}
	defer files.close()

	found, err := hasSize(files.partials, files.partial, upload.Size)
	if err != nil {
		return err
	}
	if found {
		if err := files.rename(); err != nil {
			return err
		}
	} else if found, err = hasSize(files.storage, files.file, upload.Size); err != nil {
		return err
	} else if !found {
		return ErrUploadLost
	}
	// Also if an earlier call has renamed the file: it may have ended before this.
	for dir := path.Dir(files.file); ; dir = path.Dir(dir) {
		if err := durable.SyncDir(filepath.Join(files.storage.Name(), filepath.FromSlash(dir))); err != nil || dir == "." {
			return err
		}
	}
}

// rename moves the partial file to its final name.
func (f uploadFiles) rename() error {
	if err := f.storage.MkdirAll(path.Dir(f.file), 0o700); err != nil {
		return fmt.Errorf("create the folder of a recording: %w", err)
	}
	to := filepath.Join(f.storage.Name(), filepath.FromSlash(f.file))
	err := os.Rename(filepath.Join(f.partials.Name(), f.partial), to)
	if errors.Is(err, syscall.EXDEV) { // the operator has moved the storage folder to another file system
		return ErrUploadLost
	}
	if err != nil {
		return fmt.Errorf("move a recording into storage: %w", err)
	}
	return nil
}

// Abort implements Store.
func (d *Disk) Abort(ctx context.Context, upload Upload) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	release, err := d.inUse.wait(ctx, upload.ID)
	if err != nil {
		return err
	}
	defer release()
	files, err := d.openUpload(upload)
	if errors.Is(err, ErrUploadLost) {
		return nil
	}
	if err != nil {
		return err
	}
	defer files.close()
	return removeFile(files.partials, files.partial)
}
