package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Restore says where everything in a set is restored.
type Restore struct {
	DataDir, UserDBsDir string         // existing folders that no process uses
	S3                  blob.Store     // where recordings may still be; nil: not configured
	Ledger              *ledger.Ledger // leaves its reserve free
	Replace             bool           // what the folders contain is moved aside instead of being an error
	// Check returns an error if the restored global database can't be used, before anything is replaced. It may be nil.
	Check func(ctx context.Context, dataFile string) error
	Now   func() time.Time

	step func() error // see commitPlan; only tests set it
}

// Restored is the outcome of a restore.
type Restored struct {
	Set        Set       `json:"set"` // without its objects
	Databases  int       `json:"databases"`
	Recordings int       `json:"recordings"` // without those inside archives
	Bytes      int64     `json:"bytes"`      // that this call has written
	Aside      []string  `json:"aside"`      // the folders that hold what was there before
	Problems   []Problem `json:"problems"`   // what the backup lacks, and what couldn't be restored
}

// Restore restores everything in a set, selected as in Find. It writes beside the present data, in folders that nothing else uses,
// and replaces that data at the end, by renaming. Interrupted before, the same call continues, and the present data is untouched;
// interrupted while it renames, FinishRestore completes it. The former data is kept. Restore returns ErrNoSet, ErrNoIdentity,
// ErrWrongIdentity, a *ledger.DiskError, ctx.Err, the error of Check, or an error if there is data and Replace is false.
func (r *Repository) Restore(ctx context.Context, name string, to Restore) (Restored, error) {
	set, err := r.Find(ctx, name)
	if err != nil {
		return Restored{}, err
	}
	c, err := r.readContents(ctx, set)
	if err != nil {
		return Restored{}, err
	}
	s := &staging{Restore: to, repository: r, result: Restored{Set: set, Aside: []string{}, Problems: append([]Problem{}, set.Skipped...)}}
	s.result.Set.Objects = nil
	if err := s.refuseData(); err != nil {
		return Restored{}, err
	}
	if err := s.begin(set.Name); err != nil {
		return Restored{}, fmt.Errorf("prepare the restore: %w", err)
	}
	if err := s.fill(ctx, c); err != nil {
		return Restored{}, fmt.Errorf("restore backup %s: %w", set.Name, err)
	}
	if len(s.result.Problems) > 0 { // the server that creates the backups may have removed this one as an old one
		if _, err := r.Find(ctx, set.Name); err != nil {
			return Restored{}, fmt.Errorf("restore backup %s, which was removed meanwhile (nothing was replaced): %w", set.Name, err)
		}
	}
	if to.Check != nil {
		if err := to.Check(ctx, filepath.Join(newFolder(to.DataDir), sqlite.DataFile)); err != nil {
			return Restored{}, err
		}
	}
	// From here on, everything happens or, after a crash, is completed.
	plan, err := s.commit()
	if err != nil {
		return Restored{}, fmt.Errorf("replace the data by backup %s: %w", set.Name, err)
	}
	if s.result.Aside, err = plan.apply(); err != nil {
		return Restored{}, fmt.Errorf("replace the data by backup %s: %w (the next start continues)", set.Name, err)
	}
	return s.result, nil
}

// stagingName is the name of the folder in both directories that holds what is being restored:
//
//	set          the name of the set
//	new          what becomes the content of the directory
//	working-…    databases that aren't complete
//	commit.json  in DATA_DIR only: the plan, once everything is complete
const stagingName = ".restoring"

func newFolder(dir string) string { return filepath.Join(dir, stagingName, "new") }

// staging fills the folders of a restore.
type staging struct {
	Restore
	repository *Repository

	mu     sync.Mutex
	result Restored
}

func (s *staging) dirs() []string { return []string{s.DataDir, s.UserDBsDir} }

// refuseData returns an error if a directory contains data, unless it is to be replaced.
func (s *staging) refuseData() error {
	for _, dir := range s.dirs() {
		names, err := contentOf(dir)
		if err != nil {
			return fmt.Errorf("read %s: %w", dir, err)
		}
		if len(names) > 0 && !s.Replace {
			return fmt.Errorf("%s contains data (%s): add --replace to move it aside", dir, names[0])
		}
	}
	return nil
}

// begin creates the staging folders, or keeps those of an interrupted restore of the same set.
func (s *staging) begin(set string) error {
	for _, dir := range s.dirs() {
		folder := filepath.Join(dir, stagingName)
		mark, err := os.ReadFile(filepath.Join(folder, "set"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		_, err = os.Stat(filepath.Join(folder, movedName)) // then it is what an earlier version has left of a restore that is complete
		if string(mark) == set && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
		if err := os.Mkdir(folder, 0o700); err != nil {
			return err
		}
		if err := durable.WriteFile(filepath.Join(folder, "set"), 0o600, writeText(set)); err != nil {
			return err
		}
	}
	for _, folder := range []string{newFolder(s.UserDBsDir), filepath.Join(newFolder(s.UserDBsDir), archiveFolder)} {
		if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// fill restores all databases that aren't complete yet. What is damaged or missing is reported, also if an earlier call has found that
// out; other errors end the restore.
func (s *staging) fill(ctx context.Context, c contents) error {
	s.result.Problems = append(s.result.Problems, problemsOf(c, "")...)
	if err := s.restoreGlobal(ctx, c.Global); err != nil {
		return fmt.Errorf("restore the global database: %w", err)
	}
	meter := progress.Start(ctx, progress.Progress{Stage: "restore databases", Total: int64(len(c.Databases)), Unit: progress.Databases})
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(restoreParallel)
	for _, d := range c.Databases {
		if groupCtx.Err() != nil {
			break
		}
		group.Go(func() error {
			defer meter.Add(1)
			lost, err := s.restoreOne(groupCtx, d)
			return s.count(d, lost, err)
		})
	}
	return errors.Join(group.Wait(), ctx.Err())
}

// count adds what was restored of a database to the result. It returns the errors that end the restore.
func (s *staging) count(d database, lost lost, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case errors.Is(err, errDamaged) || errors.Is(err, store.ErrNotFound):
		s.result.Problems = append(s.result.Problems, Problem{Database: d.Name, Email: d.Email, Text: "it can't be restored: " + err.Error()})
		return nil
	case err != nil:
		return fmt.Errorf("restore user database %s: %w", d.Name, err)
	}
	s.result.Databases++
	s.result.Recordings += len(d.Recordings) - lost.count
	s.result.Problems = append(s.result.Problems, lost.problems(d.Name)...)
	return nil
}

const restoreParallel = 2

func (s *staging) unpacker(dir string) (u unpacker, release func()) {
	space := s.Ledger.Writer(dir, "restored data")
	allow := func(bytes int64) error {
		s.mu.Lock()
		s.result.Bytes += bytes
		s.mu.Unlock()
		return space.Allow(bytes)
	}
	return unpacker{Repository: s.repository, s3: s.S3, allow: allow}, space.Release
}

func (s *staging) restoreGlobal(ctx context.Context, d database) error {
	if _, err := os.Stat(filepath.Join(newFolder(s.DataDir), sqlite.DataFile)); err == nil {
		return nil
	}
	working := filepath.Join(s.DataDir, stagingName, "working")
	if err := os.RemoveAll(working); err != nil {
		return err
	}
	u, release := s.unpacker(s.DataDir)
	defer release()
	if err := u.files(ctx, d, working); err != nil {
		return err
	}
	return publish(working, newFolder(s.DataDir))
}

// restoreOne restores a user database with its recordings, as a folder or as an archive.
func (s *staging) restoreOne(ctx context.Context, d database) (lost lost, err error) {
	folder := filepath.Join(newFolder(s.UserDBsDir), d.Name)
	archive := filepath.Join(newFolder(s.UserDBsDir), archiveFolder, archiveName(d.Name))
	u, release := s.unpacker(s.UserDBsDir)
	defer release()
	if _, err := os.Stat(folder); err == nil {
		if err := os.RemoveAll(archive); err != nil { // an interrupted call has unpacked it
			return lost, err
		}
		return u.recordings(ctx, d, folder)
	}
	working := filepath.Join(s.UserDBsDir, stagingName, "working-"+d.Name)
	if err := os.RemoveAll(working); err != nil {
		return lost, err
	}
	if d.Archived {
		if err := s.restoreArchive(ctx, u, d, working, archive); err != nil {
			return lost, err
		}
		needsFolder, lost, err := u.needsFolder(ctx, d)
		if err != nil || !needsFolder {
			return lost, err
		}
		err = u.unarchive(ctx, d, archive, working)
		if err != nil {
			return lost, err
		}
	} else if err := u.files(ctx, d, working); err != nil {
		return lost, err
	}
	if lost, err = u.recordings(ctx, d, working); err != nil {
		return lost, err
	}
	return lost, errors.Join(publish(working, folder), os.RemoveAll(archive))
}

// restoreArchive restores the archive of a database unless it is there.
func (s *staging) restoreArchive(ctx context.Context, u unpacker, d database, working, archive string) error {
	if _, err := os.Stat(archive); err == nil {
		return nil
	}
	if err := u.files(ctx, d, working); err != nil {
		return err
	}
	return errors.Join(publish(filepath.Join(working, archiveName(d.Name)), archive), os.RemoveAll(working))
}

// publish renames a file or folder so that it survives a power cut.
func publish(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return errors.Join(durable.SyncDir(filepath.Dir(to)), durable.SyncDir(filepath.Dir(from)))
}
