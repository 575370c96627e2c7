package userdb

import (
	"archive/zip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// recordingsExport adds the recordings of a database to its export.
type recordingsExport struct {
	service    *Service
	db         *Database
	recordings []storedRecording // of the snapshot
}

// check returns an error if S3 lacks a recording, so that the export can be refused before anything of it is sent.
func (e recordingsExport) check(ctx context.Context) error {
	sizes, err := e.service.sizesInS3(ctx, e.db.Name, e.recordings)
	if err != nil {
		return err
	}
	for _, r := range e.recordings {
		if r.Blob == "" {
			continue
		}
		if _, found := sizes[r.Blob]; found {
			continue
		}
		current, err := e.currentRef(r)
		if err != nil {
			return err
		}
		if current == r.ref(e.db.Name) {
			return fmt.Errorf("%w: recording %s", ErrRecordingMissing, r.ID)
		}
	}
	return nil
}

// add adds the files of all recordings at the paths at which PocketBase expects them, which it records in added.
// It leaves out recordings that were deleted since the snapshot, and reads those that were moved since from their new
// place.
func (e recordingsExport) add(ctx context.Context, archive *zip.Writer, added map[string]bool) error {
	for _, r := range e.recordings {
		added[r.path] = true
		if err := e.addOne(ctx, archive, r); err != nil {
			return fmt.Errorf("add recording %s: %w", r.ID, err)
		}
	}
	return nil
}

func (e recordingsExport) addOne(ctx context.Context, archive *zip.Writer, r storedRecording) error {
	ref := r.ref(e.db.Name)
	for {
		found, err := e.addFrom(ctx, archive, ref, r.path)
		if err != nil || found {
			return err
		}
		current, err := e.currentRef(r)
		switch {
		case err != nil:
			return err
		case current == blob.Ref{}:
			return nil
		case current == ref && ref.Engine == blob.EngineDisk:
			e.service.logger.WarnContext(ctx, "exported user database without a recording whose file is missing",
				"database", e.db.Name, "recording", r.ID)
			return nil
		case current == ref:
			return ErrRecordingMissing
		}
		ref = current
	}
}

// currentRef returns where a recording is stored now, or the zero value if it was deleted.
func (e recordingsExport) currentRef(r storedRecording) (blob.Ref, error) {
	record, err := e.db.App.FindRecordById(schema.Recordings, r.ID)
	if errors.Is(err, sql.ErrNoRows) || err == nil && record.GetString("file") == "" {
		return blob.Ref{}, nil
	}
	if err != nil {
		return blob.Ref{}, fmt.Errorf("find recording %s: %w", r.ID, err)
	}
	return RecordingBlob(e.db.Name, record), nil
}

// addFrom adds a recording from where it is stored, under the given name. If it isn't there, found is false.
func (e recordingsExport) addFrom(
	ctx context.Context, archive *zip.Writer, ref blob.Ref, name string,
) (found bool, err error) {
	if !blob.InDatabase(ref.Key, e.db.Name) {
		return false, fmt.Errorf("%q isn't the key of a recording of this database", ref.Key)
	}
	if ref.Engine == blob.EngineDisk {
		err := addStoredFile(ctx, archive, filepath.Join(e.service.dir, filepath.FromSlash(ref.Key)), name)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return true, err
	}
	store, err := e.service.blobs.Of(ref.Engine)
	if err != nil {
		return false, err
	}
	info, err := store.Stat(ctx, ref.Key)
	if errors.Is(err, blob.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, addBlob(ctx, archive, store, info, name)
}

// addBlob adds a stored file to an archive under the given name.
func addBlob(ctx context.Context, archive *zip.Writer, store blob.Store, info blob.Info, name string) (err error) {
	file, err := store.Open(ctx, info.Key)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	to, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: info.Modified})
	if err != nil {
		return err
	}
	return blob.Copy(ctx, to, file, info.Size)
}
