package backup

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

// storeRecordings stores the recordings of a database that aren't stored yet. It returns problems for those that can't be read, and
// errChanged if one has disappeared: then its owner may have deleted it, and a new snapshot doesn't name it.
func (r *run) storeRecordings(ctx context.Context, saved *database, recordings []recordedFile) (problems []string, err error) {
	saved.Recordings = nil
	for _, recorded := range recordings {
		stored, err := r.storeRecording(ctx, saved.Name, recorded)
		if r.isFatal(ctx, err) {
			return nil, err
		}
		switch {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, errChanged) || errors.Is(err, blob.ErrNotFound):
			missing, missingErr := r.isStillMissing(ctx, saved.Name, recorded)
			if missingErr != nil {
				return nil, missingErr
			}
			if !missing {
				return nil, errChanged
			}
			problems = append(problems, fmt.Sprintf("file of recording %s is missing", recorded.ID))
		case err != nil:
			problems = append(problems, fmt.Sprintf("read the file of recording %s: %s", recorded.ID, err))
		default:
			if recorded.SHA256 != "" && stored.SHA256 != "" && stored.SHA256 != recorded.SHA256 {
				problems = append(problems, fmt.Sprintf("file of recording %s is damaged: its checksum differs from the recorded one", recorded.ID))
			}
			saved.Recordings = append(saved.Recordings, stored)
		}
	}
	return problems, nil
}

func (r *run) storeRecording(ctx context.Context, database string, recorded recordedFile) (recording, error) {
	stored := recording{ID: recorded.ID, Path: recorded.path, Blob: recorded.Blob, Size: recorded.Size}
	if recorded.Blob != "" && !r.S3Recordings {
		stored.SHA256 = recorded.SHA256
		return stored, nil
	}
	if recorded.Blob != "" && !blob.InDatabase(recorded.Blob, database) {
		return recording{}, errors.New("its record names the file of another database")
	}
	mark, err := r.mark(database, recorded)
	if err != nil {
		return recording{}, err
	}
	if known, ok := r.state.recording(mark); ok && r.has(known.Object) && known.Size == recorded.Size {
		return known, nil
	}
	if stored.Object, stored.SHA256, err = r.sealRecording(ctx, database, recorded); err != nil {
		return recording{}, err
	}
	stored.Mark = mark
	return stored, r.state.addRecording(stored)
}

// mark returns a text that changes with the file of a recording, or a blank one while it can't be relied on. Objects in S3 never
// change.
func (r *run) mark(database string, recorded recordedFile) (string, error) {
	if recorded.Blob != "" {
		return "s3 " + recorded.Blob, nil
	}
	fingerprint, err := fingerprintFile(recorded.diskPath(filepath.Join(r.UserDBsDir, database)), time.Now())
	if err != nil || fingerprint == "" {
		return "", err
	}
	return database + "/" + recorded.path + " " + fingerprint, nil
}

// sealRecording returns errChanged if the file doesn't have the size in its record.
func (r *run) sealRecording(ctx context.Context, database string, recorded recordedFile) (object Object, checksum string, err error) {
	from, size, modified, err := r.openRecording(ctx, database, recorded)
	if err != nil {
		return Object{}, "", err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	if size != recorded.Size {
		return Object{}, "", errChanged
	}
	object, err = r.seal(ctx, objectName(size), func(archive *tar.Writer) error {
		added, err := addContent(ctx, archive, recordingEntry, size, modified, from)
		checksum = added.SHA256
		return err
	})
	return object, checksum, unlessSource(err)
}

// openRecording opens the file of a recording. That of an archived database may be on another disk, to which only the archive has a link.
func (r *run) openRecording(ctx context.Context, database string, recorded recordedFile) (_ io.ReadCloser, size int64, modified time.Time, err error) {
	if recorded.Blob == "" && recorded.storage != "" {
		return openFile(recorded.diskPath(""))
	}
	ref := blob.Ref{Engine: blob.EngineDisk, Key: database + "/" + recorded.path}
	if recorded.Blob != "" {
		ref = blob.Ref{Engine: blob.EngineS3, Key: recorded.Blob}
	}
	info, err := r.Blobs.Stat(ctx, ref)
	if err != nil {
		return nil, 0, time.Time{}, err
	}
	from, err := r.Blobs.Open(ctx, ref)
	return from, info.Size, info.Modified, err
}

func openFile(path string) (_ *os.File, size int64, modified time.Time, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, time.Time{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, time.Time{}, errors.Join(err, file.Close())
	}
	return file, info.Size(), info.ModTime(), nil
}

// recordingEntry is the name of a recording's file in its object.
const recordingEntry = "recording"

// hasRecordings reports whether no recording was left out that belongs into the backup since BACKUP_S3_RECORDINGS was changed.
func (r *run) hasRecordings(known database) bool {
	for _, stored := range known.Recordings {
		if stored.Object.Key == "" && r.S3Recordings {
			return false
		}
	}
	return true
}

// isStillMissing reports whether the file of a recording isn't there although its record in the current database names it.
func (r *run) isStillMissing(ctx context.Context, database string, recorded recordedFile) (bool, error) {
	current, err := r.currentRecordings(ctx, database)
	if err != nil {
		return false, err
	}
	for _, c := range current {
		if c.ID == recorded.ID && c.File == recorded.File && c.Blob == recorded.Blob && c.Size == recorded.Size {
			if c.Blob != "" {
				return true, nil
			}
			info, err := os.Stat(c.diskPath(filepath.Join(r.UserDBsDir, database)))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return false, err
			}
			return err != nil || info.Size() != c.Size, nil
		}
	}
	return false, nil
}
