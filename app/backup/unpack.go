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
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
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
		return u.write(root, want, content)
	})
	if err != nil {
		return err
	}
	for name := range expected {
		return fmt.Errorf("%w: it doesn't contain %s", errDamaged, name)
	}
	return durable.SyncDir(dir)
}

// write creates a file and the folders that contain it. It returns errDamaged, and creates no file, if the content isn't what was
// backed up.
func (u unpacker) write(root *os.Root, want file, content io.Reader) error {
	name, temporary := filepath.FromSlash(want.Path), filepath.FromSlash(want.Path)+".tmp-0" // which durable.IsTemporary recognizes
	if err := u.allow(want.Size); err != nil {
		return err
	}
	if err := makeFolders(root, path.Dir(want.Path)); err != nil {
		return err
	}
	if err := root.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	sum := &countingHash{Hash: sha256.New()}
	err := durable.NewFile(root, temporary, io.TeeReader(content, sum))
	if err == nil && (sum.size != want.Size || sum.hex() != want.SHA256) {
		err = fmt.Errorf("%w: %s has another content than when it was backed up", errDamaged, want.Path)
	}
	if err == nil {
		err = root.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, root.RemoveAll(temporary))
	}
	return durable.SyncDir(filepath.Join(root.Name(), filepath.Dir(name)))
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

// folder creates the folder of a database, without the recordings that have objects of their own. The archive of an archived one is
// written to the new folder working first.
func (u unpacker) folder(ctx context.Context, d database, working, dir string) error {
	if !d.Archived {
		return u.files(ctx, d, dir)
	}
	if err := u.files(ctx, d, working); err != nil {
		return err
	}
	return u.unarchive(ctx, d, filepath.Join(working, archiveName(d.Name)), dir)
}

// unarchive creates the folder of an archived database. Recordings that were on another disk, to which the archive has a link, are
// restored in the folder itself.
func (u unpacker) unarchive(ctx context.Context, d database, archive, dir string) error {
	storage := filepath.Join(dir, core.LocalStorageDirName)
	if err := durable.Unpack(ctx, archive, dir, u.allow, core.LocalStorageDirName); err != nil {
		return err
	}
	info, err := os.Lstat(storage)
	isLink := err == nil && info.Mode().Type() == fs.ModeSymlink
	wasLinked := slices.ContainsFunc(d.Recordings, func(r recording) bool { return r.Blob == "" })
	if !isLink || !wasLinked {
		return nil
	}
	return errors.Join(os.Remove(storage), durable.SyncDir(dir))
}

// lost counts recordings that couldn't be restored.
type lost struct {
	count   int
	nowhere []string // the ids of those that are neither in S3 nor in the backup
	damaged []string // what is wrong with the others
}

func (l lost) problems(name string) (problems []Problem) {
	for _, text := range l.damaged {
		problems = append(problems, Problem{Database: name, Text: text})
	}
	switch len(l.nowhere) {
	case 0:
	case 1:
		problems = append(problems, Problem{Database: name, Text: "the file of recording " + l.nowhere[0] + " is neither in S3 nor in the backup"})
	default:
		text := fmt.Sprintf("the files of %d recordings, such as %s, are neither in S3 nor in the backup", len(l.nowhere), l.nowhere[0])
		problems = append(problems, Problem{Database: name, Text: text})
	}
	return problems
}

// recordings adds the recordings to the folder of a database. Those in S3 stay there; if they are gone, they are written to disk
// instead, and their records say so. It may be repeated, and then adds what has disappeared in S3 meanwhile.
func (u unpacker) recordings(ctx context.Context, d database, dir string) (lost lost, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return lost, err
	}
	defer root.Close()
	var moved []string
	for _, r := range d.Recordings {
		found, err := u.recording(ctx, root, r)
		switch {
		case errors.Is(err, errDamaged) || errors.Is(err, store.ErrNotFound):
			lost.count++
			lost.damaged = append(lost.damaged, fmt.Sprintf("the file of recording %s can't be restored: %s", r.ID, err))
		case err != nil:
			return lost, fmt.Errorf("restore the file of recording %s: %w", r.ID, err)
		case found == nowhere:
			lost.count++
			lost.nowhere = append(lost.nowhere, r.ID)
		case found == onDisk && r.Blob != "":
			moved = append(moved, r.ID)
		}
	}
	return lost, moveToDisk(ctx, filepath.Join(dir, sqlite.DataFile), moved)
}

// place is where the file of a restored recording is.
type place int

const (
	nowhere place = iota
	inS3
	onDisk
)

// recording adds the file of a recording to a folder unless it is there or in S3.
func (u unpacker) recording(ctx context.Context, root *os.Root, r recording) (place, error) {
	switch info, err := root.Lstat(filepath.FromSlash(r.Path)); {
	case err == nil && info.Mode().IsRegular() && info.Size() == r.Size:
		return onDisk, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nowhere, err
	}
	if there, err := u.isInS3(ctx, r); err != nil || there {
		return inS3, err
	}
	if r.Object.Key == "" {
		return nowhere, nil
	}
	return onDisk, u.open(ctx, r.Object, func(_ *tar.Header, content io.Reader) error {
		return u.write(root, file{Path: r.Path, Size: r.Size, SHA256: r.SHA256}, content)
	})
}

// needsFolder reports whether an archived database must be unpacked, because there are recordings that neither its archive nor S3
// contains. It counts those that are lost.
func (u unpacker) needsFolder(ctx context.Context, d database) (needs bool, lost lost, err error) {
	for _, r := range d.Recordings {
		there, err := u.isInS3(ctx, r)
		switch {
		case err != nil:
			return false, lost, err
		case there:
		case r.Object.Key != "":
			return true, lost, nil
		default:
			lost.count++
			lost.nowhere = append(lost.nowhere, r.ID)
		}
	}
	return false, lost, nil
}

// isInS3 reports whether the file of a recording is where its record says. Without S3, it isn't.
func (u unpacker) isInS3(ctx context.Context, r recording) (bool, error) {
	if u.s3 == nil || r.Blob == "" {
		return false, nil
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
