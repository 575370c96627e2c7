package backup

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
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
	ref := blob.Ref{Engine: blob.EngineDisk, Key: database + "/" + recorded.path}
	if recorded.Blob != "" {
		if !blob.InDatabase(recorded.Blob, database) {
			return recording{}, errors.New("its record names the file of another database")
		}
		ref = blob.Ref{Engine: blob.EngineS3, Key: recorded.Blob}
	}
	mark, err := r.mark(database, stored)
	if err != nil {
		return recording{}, err
	}
	if known, ok := r.state.recording(mark); ok && r.has(known.Object) && known.Size == recorded.Size {
		return known, nil
	}
	if stored.Object, stored.SHA256, err = r.sealRecording(ctx, ref, recorded); err != nil {
		return recording{}, err
	}
	stored.Mark = mark
	return stored, r.state.addRecording(stored)
}

// mark returns a text that changes with the file of a recording, or a blank one while it can't be relied on. Objects in S3 never
// change.
func (r *run) mark(database string, stored recording) (string, error) {
	if stored.Blob != "" {
		return "s3 " + stored.Blob, nil
	}
	fingerprint, err := fingerprintFile(filepath.Join(r.UserDBsDir, database, filepath.FromSlash(stored.Path)), time.Now())
	if err != nil || fingerprint == "" {
		return "", err
	}
	return database + "/" + stored.Path + " " + fingerprint, nil
}

// sealRecording returns errChanged if the file doesn't have the size in its record.
func (r *run) sealRecording(ctx context.Context, ref blob.Ref, recorded recordedFile) (object Object, checksum string, err error) {
	from, err := r.Blobs.Open(ctx, ref)
	if err != nil {
		return Object{}, "", err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	info, err := r.Blobs.Stat(ctx, ref)
	if err != nil {
		return Object{}, "", err
	}
	if info.Size != recorded.Size {
		return Object{}, "", errChanged
	}
	object, err = r.seal(ctx, objectName(info.Size), func(archive *tar.Writer) error {
		added, err := addContent(ctx, archive, recordingEntry, info.Size, info.Modified, from)
		checksum = added.SHA256
		return err
	})
	return object, checksum, unlessSource(err)
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
			info, err := os.Stat(filepath.Join(r.UserDBsDir, database, filepath.FromSlash(c.path)))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return false, err
			}
			return err != nil || info.Size() != c.Size, nil
		}
	}
	return false, nil
}
