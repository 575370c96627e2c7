package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

// sharing returns a server whose settings name the destination of another one.
func sharing(t *testing.T, h *harness, configure ...func(*backup.Config)) *harness {
	t.Helper()
	return newHarness(t, append(configure, func(cfg *backup.Config) { cfg.Repository = backup.NewRepository(h.store, h.keys) })...)
}

func TestDestinationBelongsToOneServer(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(cfg *backup.Config) { cfg.Keep = backup.Keep{Days: 1} })
	other := sharing(t, h, func(cfg *backup.Config) { cfg.Keep = backup.Keep{Days: 1} })
	set := h.create()
	_, err := other.Create(t.Context())
	require.ErrorIs(t, err, backup.ErrForeignRepository)
	assert.ErrorContains(t, err, "BACKUP_S3_PREFIX")
	assert.ErrorContains(t, err, "backup create --take-over")
	assert.Empty(t, h.verify(set.Name).Problems)
	h.create()

	require.NoError(t, other.TakeOver(t.Context()))
	other.create()
	_, err = h.Create(t.Context())
	require.ErrorIs(t, err, backup.ErrForeignRepository)
	require.NoError(t, h.TakeOver(t.Context()))
	h.create()
	_, err = other.Create(t.Context())
	require.ErrorIs(t, err, backup.ErrForeignRepository)
}

// A server that another one replaces while it creates a backup must not remove the sets of the other.
func TestServerThatIsReplacedRemovesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(cfg *backup.Config) { cfg.Keep = backup.Keep{Days: 1} })
	other := sharing(t, h)
	first := h.create()
	waiting := &waitingStore{Store: h.store, reached: make(chan struct{}), proceed: make(chan struct{})}
	h.Repository = backup.NewRepository(waiting, h.keys)
	h.save(h.provision("ada@example.com").Name, "meetings", map[string]any{"recording_id": 2})
	done := make(chan error, 1)
	go func() {
		_, err := h.Create(context.Background())
		done <- err
	}()
	<-waiting.reached
	require.NoError(t, other.TakeOver(t.Context()))
	close(waiting.proceed)
	require.ErrorIs(t, <-done, backup.ErrForeignRepository)
	assert.Empty(t, h.verify(first.Name).Problems)
}

func TestServerWithTheRestoredDataContinues(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.provision("ada@example.com")
	h.create()
	to := target(t)
	_, err := h.Repository.Restore(t.Context(), backup.Latest, to)
	require.NoError(t, err)
	cfg := h.Config
	cfg.DataDir, cfg.UserDBsDir = to.DataDir, to.UserDBsDir
	restored := backup.New(cfg)
	result, err := restored.Create(t.Context())
	require.NoError(t, err)
	assert.Empty(t, result.Problems)
	_, err = restored.Create(t.Context())
	require.NoError(t, err)

	_, err = h.Create(t.Context())
	require.ErrorIs(t, err, backup.ErrForeignRepository, "the former server is still running")
}

func TestMissingDiskIsNotAnEmptyDestination(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.create()
	mounted := h.dir + ".mounted"
	require.NoError(t, os.Rename(h.dir, mounted))
	_, err := h.Create(t.Context())
	require.ErrorIs(t, err, backup.ErrLostRepository)
	assert.ErrorContains(t, err, h.dir)
	assert.NoDirExists(t, h.dir)
	require.NoError(t, os.Mkdir(h.dir, 0o700)) // the mount point
	_, err = h.Create(t.Context())
	require.ErrorIs(t, err, backup.ErrLostRepository)
	assertNames(t, h.dir)
	status, err := backup.ReadStatus(h.DataDir)
	require.NoError(t, err)
	assert.Contains(t, status.LastError, "--take-over")

	require.NoError(t, os.Remove(h.dir))
	require.NoError(t, os.Rename(mounted, h.dir))
	h.create()
	require.NoError(t, os.RemoveAll(h.dir))
	require.NoError(t, h.TakeOver(t.Context()))
	set := h.create()
	assert.Empty(t, h.verify(set.Name).Problems)
}

func TestDamagedRecordOfTheOwner(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.create()
	files, err := filepath.Glob(filepath.Join(h.dir, "owner", "*", "*"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	require.NoError(t, os.WriteFile(files[0], []byte("{"), 0o600))
	_, err = h.Create(t.Context())
	require.ErrorIs(t, err, backup.ErrForeignRepository)
	require.NoError(t, h.TakeOver(t.Context()))
	h.create()
	files, err = filepath.Glob(filepath.Join(h.dir, "owner", "*", "*"))
	require.NoError(t, err)
	assert.Len(t, files, 1)
}

// An application that shares the bucket may use the same names of folders.
func TestObjectsOfOthersInTheBucketAreKept(t *testing.T) {
	t.Parallel()
	now := time.Now()
	server := s3test.Start(t, s3test.Options{})
	h := newHarness(t, func(cfg *backup.Config) {
		cfg.Now, cfg.Keep = func() time.Time { return now }, backup.Keep{Days: 1}
	})
	h.store = store.NewS3(newBucket(t, server, ""))
	h.Repository = backup.NewRepository(h.store, h.keys)
	foreign := []string{"objects/photo.jpg", "objects/2024-01-15-001-ada/1/0123456789abcdef", "sets/list.txt"}
	for _, key := range foreign {
		server.Put(t, key, []byte("foreign"))
	}
	h.create()
	now = now.Add(100 * 24 * time.Hour)
	h.create()
	assert.Subset(t, server.Keys(), foreign)
}
