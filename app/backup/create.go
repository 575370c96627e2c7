package backup

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// scratchPrefix starts the names of folders for snapshots in USER_DBS_DIR. The next start removes what a crash leaves.
const scratchPrefix = ".new-backup-"

// run is one backup that is being created.
type run struct {
	*Service
	state   *state
	stored  map[string]int64 // the sizes of the objects in the repository, by key
	scratch string           // holds snapshots
	started time.Time

	mu       sync.Mutex
	contents contents
	added    int64 // bytes that this run has stored
}

// begin lists what the repository contains, which also finds out whether it can be used.
func (s *Service) begin(ctx context.Context) (_ *run, err error) {
	r := &run{Service: s, stored: map[string]int64{}, started: s.Now()}
	for info, err := range s.Repository.store.List(ctx, objectsFolder) {
		if err != nil {
			return nil, err
		}
		r.stored[info.Key] = info.Size
	}
	if r.scratch, err = os.MkdirTemp(s.UserDBsDir, scratchPrefix); err != nil {
		return nil, fmt.Errorf("create a folder for snapshots: %w", err)
	}
	if r.state, err = openState(filepath.Join(s.DataDir, StateName), s.Repository.keys.fingerprint); err != nil {
		return nil, errors.Join(err, os.RemoveAll(r.scratch))
	}
	return r, nil
}

func (r *run) end(complete bool) error {
	err := errors.Join(r.state.close(), os.RemoveAll(r.scratch))
	if !complete {
		return err
	}
	exists := map[string]bool{"": true}
	for _, d := range r.contents.Databases {
		exists[d.Name] = true
	}
	for _, p := range r.contents.Problems { // the next backup may have to use what is stored of them
		exists[p.Database] = true
	}
	return errors.Join(err, r.state.finish(func(name string) bool { return exists[name] }))
}

// create stores everything and publishes the set. The global database comes first: a user database that is created later is in
// the next backup, and one that is deleted meanwhile is listed.
func (r *run) create(ctx context.Context) (Set, error) {
	name, err := r.Repository.newSetName(ctx, r.started)
	if err != nil {
		return Set{}, err
	}
	r.contents = contents{Format: format, Created: r.started, Databases: []database{}, Deleted: []deletedDatabase{}, Problems: []Problem{}}
	entries, err := r.backUpGlobal(ctx)
	if err != nil {
		return Set{}, fmt.Errorf("back up the global database: %w", err)
	}
	meter := progress.Start(ctx, progress.Progress{Stage: "back up databases", Total: int64(len(entries)), Unit: progress.Databases})
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(r.Parallel)
	for _, entry := range entries {
		if groupCtx.Err() != nil {
			break
		}
		group.Go(func() error {
			defer meter.Add(1)
			return r.backUpOne(groupCtx, entry)
		})
	}
	if err := errors.Join(group.Wait(), ctx.Err()); err != nil {
		return Set{}, err
	}
	return r.publish(ctx, name)
}

// backUpOne backs up a user database. It returns only errors that concern all databases.
func (r *run) backUpOne(ctx context.Context, entry registry.Entry) error {
	saved, outcome, err := r.backUpDatabase(ctx, entry)
	if fatal := r.isFatal(ctx, err); fatal {
		return fmt.Errorf("back up user database %s: %w", entry.Name, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	problems := outcome.problems
	switch {
	case err != nil:
		r.Logger.ErrorContext(ctx, "failed to back up user database", "database", entry.Name, "error", err)
		earlier, known := r.state.latest(entry.Name)
		if known = known && r.hasAll(earlier); known {
			problems = append(problems, fmt.Sprintf("it can't be read, so the backup contains its state of %s: %s", earlier.AsOf.UTC().Format(time.DateTime), err))
			r.contents.Databases = append(r.contents.Databases, earlier)
			break
		}
		problems = append(problems, err.Error())
	case outcome.deleted:
		r.contents.Deleted = append(r.contents.Deleted, deletedDatabase{entry.Name, entry.Email})
	default:
		r.contents.Databases = append(r.contents.Databases, saved)
	}
	for _, problem := range problems {
		r.contents.Problems = append(r.contents.Problems, Problem{entry.Name, entry.Email, problem})
	}
	return nil
}

// backUpGlobal stores the global database and returns the user databases that it lists.
func (r *run) backUpGlobal(ctx context.Context) ([]registry.Entry, error) {
	snapshot := filepath.Join(r.scratch, "global.db")
	fingerprint, err := fingerprintDatabase(r.DataDir, time.Now())
	if err != nil {
		return nil, err
	}
	if err := r.snapshot(ctx, r.DataDir, snapshot); err != nil {
		return nil, err
	}
	entries, err := readRegistry(ctx, snapshot)
	if err != nil {
		return nil, err
	}
	saved := database{}
	if known, ok := r.state.database("", fingerprint); ok && r.hasAll(known) {
		saved = known
	} else {
		if saved.SchemaVersion, err = newestMigration(ctx, snapshot); err != nil {
			return nil, err
		}
		files, err := r.filesIn(r.DataDir, nil)
		if err != nil {
			return nil, err
		}
		if err := r.storeFiles(ctx, &saved, append([]sourceFile{{snapshot, sqlite.DataFile}}, files...)); err != nil {
			return nil, err
		}
	}
	r.contents.Global = saved
	return entries, errors.Join(r.state.addDatabase(saved, fingerprint), os.Remove(snapshot))
}

func newestMigration(ctx context.Context, file string) (name string, err error) {
	err = withFile(file, func(db *dbx.DB) error {
		return db.Select("COALESCE(MAX(file), '')").From("_migrations").WithContext(ctx).Row(&name)
	})
	return name, err
}

// snapshot copies data.db in a folder, while it is in use, and leaves the reserve of the disk free.
func (r *run) snapshot(ctx context.Context, dir, target string) error {
	path := filepath.Join(dir, sqlite.DataFile)
	size := int64(0)
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(path + suffix)
		if err != nil && (suffix == "" || !errors.Is(err, fs.ErrNotExist)) {
			return err // opening a missing file would create it
		}
		if err == nil {
			size += info.Size()
		}
	}
	space, err := r.Ledger.ReserveTemporary(r.scratch, "backup", size)
	if err != nil {
		return err
	}
	defer space.Release()
	if err := os.Remove(target); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return sqlite.Snapshot(ctx, path, target)
}

// hasAll reports whether the repository still contains all objects of a database.
func (r *run) hasAll(d database) bool {
	return !slices.ContainsFunc(d.objects(), func(object Object) bool { return !r.has(object) })
}

func (r *run) has(object Object) bool {
	size, ok := r.stored[object.Key]
	return ok && size == object.Size
}

// seal stores a new object and counts it.
func (r *run) seal(ctx context.Context, name store.Name, add func(*tar.Writer) error) (Object, error) {
	object, err := r.Repository.seal(ctx, name, add)
	if err != nil {
		return Object{}, storeError{err}
	}
	r.mu.Lock()
	r.added += object.Size
	r.mu.Unlock()
	return object, nil
}

// publish writes the contents and the index of the set.
func (r *run) publish(ctx context.Context, name string) (Set, error) {
	c := &r.contents
	slices.SortFunc(c.Databases, func(a, b database) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(c.Problems, func(a, b Problem) int { return strings.Compare(a.Database, b.Database) })
	set := Set{Name: name, Format: format, Program: r.Program, Created: r.started.UTC()}
	c.describe(&set)
	var err error
	if set.Contents, err = r.Repository.writeContents(ctx, name, *c); err != nil {
		return Set{}, err
	}
	set.Stored += set.Contents.Size
	set.Added = r.added + set.Contents.Size
	set.Seconds = r.Now().Sub(r.started).Seconds()
	return set, r.Repository.writeIndex(ctx, set)
}

// isDeleted reports whether a database has disappeared since the snapshot of the global database.
func (r *run) isDeleted(ctx context.Context, name string) (bool, error) {
	var entries []registry.Entry
	err := withFile(r.globalFile(), func(db *dbx.DB) (err error) {
		entries, err = registry.Here(ctx, db, name)
		return err
	})
	return !slices.ContainsFunc(entries, func(entry registry.Entry) bool { return entry.PurgeStarted.IsZero() }), err
}
