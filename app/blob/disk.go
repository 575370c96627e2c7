package blob

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// Disk is the engine that stores recordings in the folders of the user databases, where PocketBase expects them:
// {database}/storage/{collection}/{record}/recording.mp4. It has no links, because PocketBase serves these files.
//
// The state of an upload is a partial file in the storage folder, which may lie on another file system than the
// database, by a mount or by a symbolic link that the operator created. Symbolic links below that folder must not
// leave it.
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
// stored, also one by an earlier version of the program, unless there are more than the target allows.
func (d *Disk) Begin(ctx context.Context, target Target) (Upload, error) {
	upload, file, err := d.newUpload(target)
	if err != nil {
		return Upload{}, err
	}
	if err := ctx.Err(); err != nil {
		return Upload{}, err
	}
	if err := d.createStorage(target.Database); err != nil {
		return Upload{}, err
	}
	folder, err := d.openStorage(target.Database)
	if err != nil {
		return Upload{}, err
	}
	defer folder.Close()
	if err := folder.MkdirAll(partialFolder, 0o700); err != nil {
		return Upload{}, fmt.Errorf("create the folder of partial files: %w", err)
	}
	d.adoptLegacy(target.Database, folder, file)

	release, err := d.inUse.acquire(upload.ID)
	if err != nil {
		return Upload{}, err
	}
	defer release()
	partial, err := folder.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return Upload{}, fmt.Errorf("create partial file: %w", err)
	}
	upload.Size, err = limitSize(partial, target)
	if err := errors.Join(err, partial.Close()); err != nil {
		return Upload{}, err
	}
	now := time.Now()
	if err := folder.Chtimes(file, now, now); err != nil { // Sweep must not remove it before its upload is saved
		return Upload{}, fmt.Errorf("touch partial file: %w", err)
	}
	// Otherwise a power cut could remove the file after the caller has saved the state.
	return upload, durable.SyncDir(filepath.Join(folder.Name(), partialFolder))
}

// newUpload returns the state of a new upload and the path of its partial file in the storage folder.
func (d *Disk) newUpload(target Target) (upload Upload, file string, err error) {
	if err := target.check(); err != nil {
		return Upload{}, "", err
	}
	name := target.Recording + "-" + target.Source + partialSuffix
	upload = Upload{
		Engine: EngineDisk,
		Key:    target.Database + "/" + target.Path,
		ID:     path.Join(target.Database, storageFolder, partialFolder, name),
	}
	if _, _, err := splitDiskKey(upload.Key); err != nil {
		return Upload{}, "", err
	}
	_, file, err = splitPartial(upload.ID)
	return upload, file, err
}

// limitSize empties a partial file that has more bytes than the target allows: they are from another file.
func limitSize(partial *os.File, target Target) (size int64, err error) {
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

// adoptLegacy moves a partial file from where earlier versions kept it. A failure costs only a second download.
func (d *Disk) adoptLegacy(database string, storage *os.Root, file string) {
	old := filepath.Join(d.root, database, legacyPartial, path.Base(file))
	info, err := os.Lstat(old)
	if err != nil {
		return
	}
	_, err = storage.Lstat(file)
	if !info.Mode().IsRegular() || err == nil || os.Rename(old, filepath.Join(storage.Name(), filepath.FromSlash(file))) != nil {
		_ = os.Remove(old)
	}
	_ = os.Remove(filepath.Dir(old)) // succeeds only if nothing is left in it
}

// Complete implements Store. The file gets its final name by a rename.
func (d *Disk) Complete(ctx context.Context, upload Upload) error {
	if !upload.Complete() {
		return errIncomplete
	}
	database, partial, file, err := splitUpload(upload)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	release, err := d.inUse.acquire(upload.ID)
	if err != nil {
		return err
	}
	defer release()
	folder, err := d.openStorage(database)
	if errors.Is(err, errNoFolder) {
		return ErrUploadLost
	}
	if err != nil {
		return err
	}
	defer folder.Close()

	found, err := hasSize(folder, partial, upload.Size)
	if err != nil {
		return err
	}
	if found {
		if err := folder.MkdirAll(path.Dir(file), 0o700); err != nil {
			return fmt.Errorf("create the folder of a recording: %w", err)
		}
		if err := folder.Rename(partial, file); err != nil {
			return fmt.Errorf("move a recording into storage: %w", err)
		}
	} else if found, err = hasSize(folder, file, upload.Size); err != nil {
		return err
	} else if !found {
		return ErrUploadLost
	}
	// Also if an earlier call has renamed the file: it may have ended before this.
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if err := durable.SyncDir(filepath.Join(folder.Name(), filepath.FromSlash(dir))); err != nil || dir == "." {
			return err
		}
	}
}

// Abort implements Store.
func (d *Disk) Abort(ctx context.Context, upload Upload) error {
	database, partial, _, err := splitUpload(upload)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	folder, err := d.openStorage(database)
	if errors.Is(err, errNoFolder) {
		return nil
	}
	if err != nil {
		return err
	}
	defer folder.Close()
	return removeFile(folder, partial)
}
