package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// unpacker writes the files of databases. Files survive a power cut once it has returned.
type unpacker struct {
	*Repository
	s3    blob.Store              // where recordings may still be; nil: not configured
	allow func(bytes int64) error // is asked before bytes are written; its error ends the work
}

// files creates a folder with the files of a database's object: data.db and small files, or an archive.
func (u unpacker) files(ctx context.Context, d database, dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	expected := map[string]file{}
	for _, f := range d.Files {
		expected[f.Path] = f
	}
	err = u.open(ctx, d.Object, func(header *tar.Header, content io.Reader) error {
		want, ok := expected[header.Name]
		if !ok {
			return nil
		}
		delete(expected, header.Name)
		return u.write(root, want.Path, want.Size, want.SHA256, content)
	})
	if err != nil {
		return err
	}
	for name := range expected {
		return fmt.Errorf("%w: it doesn't contain %s", errDamaged, name)
	}
	return durable.SyncDir(dir)
}

// write creates a file and the folders that contain it. It returns errDamaged if the content isn't what was backed up.
func (u unpacker) write(root *os.Root, name string, size int64, checksum string, content io.Reader) (err error) {
	local := filepath.FromSlash(name)
	if err := u.allow(size); err != nil {
		return err
	}
	if err := makeFolders(root, path.Dir(name)); err != nil {
		return err
	}
	to, err := root.OpenFile(local, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	sum := &countingHash{Hash: sha256.New()}
	if _, err := io.Copy(io.MultiWriter(to, sum), content); err != nil {
		return err
	}
	if sum.size != size || sum.hex() != checksum {
		return fmt.Errorf("%w: %s has another content than when it was backed up", errDamaged, name)
	}
	return errors.Join(to.Sync(), durable.SyncDir(filepath.Join(root.Name(), filepath.Dir(local))))
}

// makeFolders creates the folders in a path with slashes, so that they survive a power cut.
func makeFolders(root *os.Root, folder string) error {
	if folder == "." {
		return nil
	}
	if _, err := root.Stat(filepath.FromSlash(folder)); err == nil {
		return nil
	}
	if err := makeFolders(root, path.Dir(folder)); err != nil {
		return err
	}
	if err := root.Mkdir(filepath.FromSlash(folder), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return durable.SyncDir(filepath.Join(root.Name(), filepath.FromSlash(path.Dir(folder))))
}

// recordings adds the recordings to the folder of a database. Those in S3 stay there; if they are gone, they are written to disk
// instead, and their records say so. It returns the problems of those that are lost.
func (u unpacker) recordings(ctx context.Context, d database, dir string) (problems []string, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	var moved []string
	for _, r := range d.Recordings {
		if r.Blob != "" {
			there, err := u.isInS3(ctx, r)
			if err != nil {
				return nil, err
			}
			if there {
				continue
			}
			if r.Object.Key == "" {
				problems = append(problems, fmt.Sprintf("file of recording %s is neither in S3 nor in the backup", r.ID))
				continue
			}
			moved = append(moved, r.ID)
		}
		err := u.open(ctx, r.Object, func(_ *tar.Header, content io.Reader) error {
			return u.write(root, r.Path, r.Size, r.SHA256, content)
		})
		if err != nil {
			return nil, fmt.Errorf("restore the file of recording %s: %w", r.ID, err)
		}
	}
	return problems, moveToDisk(ctx, filepath.Join(dir, sqlite.DataFile), moved)
}

// isInS3 reports whether the file of a recording is where its record says.
func (u unpacker) isInS3(ctx context.Context, r recording) (bool, error) {
	if u.s3 == nil {
		return r.Object.Key == "", nil // it can't be checked
	}
	info, err := u.s3.Stat(ctx, r.Blob)
	if errors.Is(err, blob.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find the file of recording %s: %w", r.ID, err)
	}
	return info.Size == r.Size, nil
}

// moveToDisk changes the records of recordings whose files were in S3 and are now on disk.
func moveToDisk(ctx context.Context, file string, recordings []string) (err error) {
	if len(recordings) == 0 {
		return nil
	}
	db, err := sqlite.Open(file)
	if err != nil {
		return err
	}
	for _, id := range recordings {
		_, updateErr := db.Update(schema.Recordings, dbx.Params{"blob": "", "move": nil}, dbx.HashExp{"id": id}).WithContext(ctx).Execute()
		err = errors.Join(err, updateErr)
	}
	_, checkpointErr := db.NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").WithContext(ctx).Execute()
	return errors.Join(err, checkpointErr, db.Close(), durable.SyncTree(file))
}
