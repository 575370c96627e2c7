package backup_test

import (
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

func TestBackupsOfTwoServersAreNotMixed(t *testing.T) {
	t.Parallel()
	first, second := newHarness(t), newHarness(t)
	_, err := second.app.DB().NewQuery("UPDATE _migrations SET applied = applied + 1").Execute() // tests copy one global database
	require.NoError(t, err)
	first.create()
	second.Repository = backup.NewRepository(first.store, second.keys)
	_, err = second.Create(t.Context())
	require.ErrorContains(t, err, "contains the backups of another server")
	sets, err := first.Repository.Sets(t.Context())
	require.NoError(t, err)
	assert.Len(t, sets, 1)
	first.create()
}

func TestEmptyDestinationIsNoticed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.create()
	mounted := filepath.Join(t.TempDir(), "mounted")
	require.NoError(t, os.Rename(h.dir, mounted))
	_, err := h.Create(t.Context())
	require.ErrorContains(t, err, "is empty now: mount the disk")
	status, err := backup.ReadStatus(h.DataDir)
	require.NoError(t, err)
	assert.Contains(t, status.LastError, "mount the disk")
	require.NoError(t, os.RemoveAll(h.dir))
	require.NoError(t, os.Rename(mounted, h.dir))
	h.create()

	require.NoError(t, os.RemoveAll(h.dir))
	h.Destination = "another folder"
	h.create()
	require.NoError(t, os.RemoveAll(h.dir))
	require.NoError(t, os.Remove(filepath.Join(h.DataDir, backup.StateName)))
	h.create()
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
