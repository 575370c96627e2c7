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
}

// Restored is the outcome of a restore.
type Restored struct {
	Set        Set       `json:"set"` // without its objects
	Databases  int       `json:"databases"`
	Recordings int       `json:"recordings"`
	Bytes      int64     `json:"bytes"`
	Aside      []string  `json:"aside"`    // the folders that hold what was there before
	Problems   []Problem `json:"problems"` // what couldn't be restored
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
	s := &staging{Restore: to, repository: r, result: Restored{Set: set, Aside: []string{}, Problems: []Problem{}}}
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
		if string(mark) == set {
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

// fill restores all databases that aren't complete yet. Those that are damaged are reported; other errors end the restore.
func (s *staging) fill(ctx context.Context, c contents) error {
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
			problems, err := s.restoreOne(groupCtx, d)
			s.mu.Lock()
			defer s.mu.Unlock()
			if errors.Is(err, errDamaged) || errors.Is(err, store.ErrNotFound) {
				problems, err = append(problems, err.Error()), nil
			} else {
				s.result.Databases++
				s.result.Recordings += len(d.Recordings)
				s.result.Bytes += d.bytes()
			}
			for _, problem := range problems {
				s.result.Problems = append(s.result.Problems, Problem{d.Name, problem})
			}
			return err
		})
	}
	return errors.Join(group.Wait(), ctx.Err())
}

const restoreParallel = 2

func (s *staging) unpacker(dir string) (u unpacker, release func()) {
	space := s.Ledger.Writer(dir, "restored data")
	return unpacker{Repository: s.repository, s3: s.S3, allow: space.Allow}, space.Release
}

func (s *staging) restoreGlobal(ctx context.Context, d database) error {
	if _, err := os.Stat(newFolder(s.DataDir)); err == nil {
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

// restoreOne restores a user database with its recordings.
func (s *staging) restoreOne(ctx context.Context, d database) (problems []string, err error) {
	target := filepath.Join(newFolder(s.UserDBsDir), d.Name)
	if d.Archived {
		target = filepath.Join(newFolder(s.UserDBsDir), archiveFolder, archiveName(d.Name))
	}
	if _, err := os.Stat(target); err == nil {
		return nil, nil
	}
	working := filepath.Join(s.UserDBsDir, stagingName, "working-"+d.Name)
	if err := os.RemoveAll(working); err != nil {
		return nil, err
	}
	u, release := s.unpacker(s.UserDBsDir)
	defer release()
	if err := u.files(ctx, d, working); err != nil {
		return nil, err
	}
	if d.Archived {
		// Its recordings in S3 are restored from the backup only by a restore of this user.
		err := publish(filepath.Join(working, archiveName(d.Name)), target)
		return nil, errors.Join(err, os.RemoveAll(working))
	}
	if problems, err = u.recordings(ctx, d, working); err != nil {
		return nil, err
	}
	return problems, publish(working, target)
}

// publish renames a file or folder so that it survives a power cut.
func publish(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return errors.Join(durable.SyncDir(filepath.Dir(to)), durable.SyncDir(filepath.Dir(from)))
}
