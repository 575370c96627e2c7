package backup_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

// target returns empty directories for a restore.
func target(t *testing.T) backup.Restore {
	t.Helper()
	to := backup.Restore{
		DataDir: filepath.Join(t.TempDir(), "pb_data"), UserDBsDir: filepath.Join(t.TempDir(), "user_dbs"),
		Ledger: ledger.New(ledger.Config{}), Now: time.Now,
	}
	require.NoError(t, os.Mkdir(to.DataDir, 0o700))
	require.NoError(t, os.Mkdir(to.UserDBsDir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(to.UserDBsDir, ".gitkeep"), nil, 0o600))
	return to
}

// openRestored opens what was restored as a server does.
func openRestored(t *testing.T, to backup.Restore) *userdb.Service {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: to.DataDir})
	require.NoError(t, app.Bootstrap())
	t.Cleanup(func() { require.NoError(t, dbtest.Close(app)) })
	return startDatabases(t, app, to.UserDBsDir, blob.Stores{})
}

func titles(t *testing.T, databases *userdb.Service, name string) (titles []string) {
	t.Helper()
	db, err := databases.Acquire(t.Context(), name)
	require.NoError(t, err)
	defer db.Release()
	require.NoError(t, db.App.DB().Select("title").From("meetings").OrderBy("recording_id").Column(&titles))
	return titles
}

func TestRestoreEverything(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada, bob := h.provision("ada@example.com"), h.provision("bob@example.com")
	video := h.addRecording(ada.Name, "video of ada")
	require.NoError(t, h.databases.Archive(t.Context(), []string{bob.Name}, ignoreOutcome))
	set := h.create()
	h.save(ada.Name, "meetings", map[string]any{"recording_id": 2, "title": "after the backup"})

	to := target(t)
	restored, err := h.Repository.Restore(t.Context(), backup.Latest, to)
	require.NoError(t, err)
	assert.Equal(t, set.Name, restored.Set.Name)
	assert.Equal(t, []any{2, 1, set.Bytes}, []any{restored.Databases, restored.Recordings, restored.Bytes})
	assert.Empty(t, restored.Problems)
	assert.Empty(t, restored.Aside)

	databases := openRestored(t, to)
	assert.Equal(t, []string{"meeting of ada@example.com"}, titles(t, databases, ada.Name))
	path, err := filepath.Rel(h.UserDBsDir, video)
	require.NoError(t, err)
	content, err := os.ReadFile(filepath.Join(to.UserDBsDir, path))
	require.NoError(t, err)
	assert.Equal(t, "video of ada", string(content))
	require.NoError(t, databases.Restore(t.Context(), []string{bob.Name}, ignoreOutcome))
	assert.Equal(t, []string{"meeting of bob@example.com"}, titles(t, databases, bob.Name))
}

func TestRestoreMovesPresentDataAside(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	h.create()
	to := target(t)
	for _, dir := range []string{to.DataDir, to.UserDBsDir} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "data.db"), []byte("present"), 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(to.DataDir, ".lock"), nil, 0o600))
	_, err := h.Repository.Restore(t.Context(), backup.Latest, to)
	require.ErrorContains(t, err, "contains data (data.db): add --replace")
	assertNames(t, to.DataDir, ".lock", "data.db")
	assertNames(t, to.UserDBsDir, ".gitkeep", "data.db")

	to.Replace = true
	restored, err := h.Repository.Restore(t.Context(), backup.Latest, to)
	require.NoError(t, err)
	require.Len(t, restored.Aside, 2)
	for _, aside := range restored.Aside {
		content, err := os.ReadFile(filepath.Join(aside, "data.db"))
		require.NoError(t, err)
		assert.Equal(t, "present", string(content))
	}
	assertNames(t, to.DataDir, filepath.Base(restored.Aside[0]), ".lock", "data.db")
	assertNames(t, to.UserDBsDir, ".archives", filepath.Base(restored.Aside[1]), ".gitkeep", ada.Name)
	assert.NotEmpty(t, titles(t, openRestored(t, to), ada.Name))
}

func assertNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	assert.ElementsMatch(t, want, names)
}

func TestRefusedRestoreChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.provision("ada@example.com")
	h.create()
	to := target(t)
	require.NoError(t, os.WriteFile(filepath.Join(to.DataDir, "data.db"), []byte("present"), 0o600))
	to.Replace = true
	refusal := errors.New("other keys")
	to.Check = func(_ context.Context, file string) error {
		assert.FileExists(t, file)
		return refusal
	}
	_, err := h.Repository.Restore(t.Context(), backup.Latest, to)
	require.ErrorIs(t, err, refusal)
	content, err := os.ReadFile(filepath.Join(to.DataDir, "data.db"))
	require.NoError(t, err)
	assert.Equal(t, "present", string(content))

	_, err = h.Repository.Restore(t.Context(), "20200101T000000Z", to)
	require.ErrorIs(t, err, backup.ErrNoSet)
}

func TestInterruptedRestoreContinues(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var names []string
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com", "d@example.com"} {
		entry := h.provision(email)
		h.addRecording(entry.Name, strings.Repeat(email, 1000))
		names = append(names, entry.Name)
	}
	h.create()
	to := target(t)
	for attempts := 1; ; attempts++ {
		// The index, the contents, and at least one database with its recording, while two are restored at once.
		reads := &interruptedReads{Store: h.store, after: 5}
		ctx, cancel := context.WithCancel(t.Context())
		reads.cancel = cancel
		_, err := backup.NewRepository(reads, h.keys).Restore(ctx, backup.Latest, to)
		cancel()
		if err == nil {
			break
		}
		require.ErrorIs(t, err, context.Canceled)
		require.Less(t, attempts, 30, "each attempt continues where the last one ended")
		assertNames(t, to.DataDir, ".restoring")
	}
	databases := openRestored(t, to)
	for _, name := range names {
		assert.Len(t, titles(t, databases, name), 1)
	}
}

// interruptedReads cancels a context at a call of Open.
type interruptedReads struct {
	store.Store
	mu     sync.Mutex
	after  int
	cancel context.CancelFunc
}

func (s *interruptedReads) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	s.mu.Lock()
	s.after--
	if s.after < 0 {
		s.cancel()
	}
	s.mu.Unlock()
	return s.Store.Open(ctx, key)
}

// A crash may end the replacement of the data between any two steps.
func TestInterruptedReplacementIsCompleted(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	h.create()
	for _, moved := range []int{0, 1, 2, 3} {
		to := target(t)
		to.Replace = true
		require.NoError(t, os.WriteFile(filepath.Join(to.DataDir, "data.db"), []byte("present"), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(to.UserDBsDir, "present"), nil, 0o600))
		copyOf := to
		copyOf.Check = func(context.Context, string) error { return errors.New("stop before the commit") }
		_, err := h.Repository.Restore(t.Context(), backup.Latest, copyOf)
		require.ErrorContains(t, err, "stop before the commit")
		writePlan(t, to, moved)

		set, err := backup.FinishRestore(to.DataDir)
		require.NoError(t, err)
		assert.NotEmpty(t, set)
		assertNames(t, to.DataDir, ".before-restore-x", "data.db")
		assertNames(t, to.UserDBsDir, ".before-restore-x", ".archives", ".gitkeep", ada.Name)
		content, err := os.ReadFile(filepath.Join(to.DataDir, ".before-restore-x", "data.db"))
		require.NoError(t, err)
		assert.Equal(t, "present", string(content))
		set, err = backup.FinishRestore(to.DataDir)
		require.NoError(t, err)
		assert.Empty(t, set)
		assert.NotEmpty(t, titles(t, openRestored(t, to), ada.Name))
	}
}

// writePlan writes the plan of a restore and does its first steps, as a process that crashes.
func writePlan(t *testing.T, to backup.Restore, steps int) {
	t.Helper()
	staging := filepath.Join(to.DataDir, ".restoring")
	plan := `{"set":"s","aside":".before-restore-x","directories":[` +
		`{"dir":"` + to.DataDir + `","former":["data.db"]},{"dir":"` + to.UserDBsDir + `","former":["present"]}]}`
	require.NoError(t, os.WriteFile(filepath.Join(staging, "commit.json"), []byte(plan), 0o600))
	aside := filepath.Join(to.DataDir, ".before-restore-x")
	for _, step := range []func() error{
		func() error {
			return errors.Join(os.Mkdir(aside, 0o700), os.Rename(filepath.Join(to.DataDir, "data.db"), filepath.Join(aside, "data.db")))
		},
		func() error { return os.WriteFile(filepath.Join(staging, "moved"), nil, 0o600) },
		func() error {
			return os.Rename(filepath.Join(staging, "new", "data.db"), filepath.Join(to.DataDir, "data.db"))
		},
	}[:steps] {
		require.NoError(t, step())
	}
}

// A server that creates backups may remove the one that is being restored.
func TestBackupRemovedDuringTheRestore(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.provision("ada@example.com")
	set := h.create()
	removing := &removedSet{Store: h.store, dir: h.dir, set: set.Name}
	to := target(t)
	_, err := backup.NewRepository(removing, h.keys).Restore(t.Context(), backup.Latest, to)
	require.ErrorContains(t, err, "removed meanwhile")
	assertNames(t, to.DataDir, ".restoring")
}

// removedSet removes a set, and what it consists of, after the global database was read.
type removedSet struct {
	store.Store
	dir, set string
	objects  int
}

func (s *removedSet) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if strings.HasPrefix(key, "objects/") {
		if s.objects++; s.objects == 2 {
			err := errors.Join(os.RemoveAll(filepath.Join(s.dir, "sets", s.set)), os.RemoveAll(filepath.Join(s.dir, "objects")))
			if err != nil {
				return nil, err
			}
		}
	}
	return s.Store.Open(ctx, key)
}
