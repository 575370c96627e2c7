package store_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// onEach runs a test on every kind of store.
func onEach(t *testing.T, test func(t *testing.T, s store.Store)) {
	t.Run("disk", func(t *testing.T) {
		test(t, store.NewDisk(filepath.Join(t.TempDir(), "new", "backups"), ledger.New(ledger.Config{})))
	})
	t.Run("s3", func(t *testing.T) { test(t, store.NewS3(newBucket(t, s3test.Start(t, s3test.Options{})))) })
}

func newBucket(t *testing.T, server *s3test.Server) *blob.S3 {
	bucket, err := blob.NewS3(blob.S3Config{
		Endpoint: server.URL, Bucket: server.Bucket, Region: server.Region, Prefix: "backups",
		AccessKey: server.AccessKey, SecretKey: server.SecretKey, PathStyle: true, PartSize: 5 << 20,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	require.NoError(t, err)
	t.Cleanup(bucket.Close)
	return bucket
}

var name = store.Name{Folder: "objects", Group: "ab", Kind: "o", MaxSize: 20 << 20}

func put(t *testing.T, s store.Store, content string) string {
	t.Helper()
	key, err := s.Put(t.Context(), name, func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	})
	require.NoError(t, err)
	require.NoError(t, store.CheckKey(key))
	return key
}

func keys(t *testing.T, s store.Store, folder string) (keys []string) {
	t.Helper()
	for info, err := range s.List(t.Context(), folder) {
		require.NoError(t, err)
		assert.WithinDuration(t, time.Now(), info.Modified, time.Hour)
		keys = append(keys, info.Key)
	}
	return keys
}

func TestFilesAreStoredAndRemoved(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s store.Store) {
		assert.Empty(t, keys(t, s, "objects"))
		large := strings.Repeat("x", 11<<20)
		first, second := put(t, s, "one"), put(t, s, large)
		assert.ElementsMatch(t, []string{first, second}, keys(t, s, "objects"))
		assert.Empty(t, keys(t, s, "sets"))

		reader, err := s.Open(t.Context(), second)
		require.NoError(t, err)
		content, err := io.ReadAll(reader)
		require.NoError(t, errors.Join(err, reader.Close()))
		assert.Equal(t, large, string(content))

		require.NoError(t, s.Delete(t.Context(), first))
		require.NoError(t, s.Delete(t.Context(), first), "an unknown key is no error")
		_, err = s.Open(t.Context(), first)
		require.ErrorIs(t, err, store.ErrNotFound)
		assert.Equal(t, []string{second}, keys(t, s, "objects"))
	})
}

func TestNothingIsStoredAfterAnError(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s store.Store) {
		failure := errors.New("source failed")
		_, err := s.Put(t.Context(), name, func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Repeat("x", 6<<20))
			return errors.Join(err, failure)
		})
		require.ErrorIs(t, err, failure)

		ctx, cancel := context.WithCancel(t.Context())
		_, err = s.Put(ctx, name, func(w io.Writer) error {
			cancel()
			_, err := io.WriteString(w, strings.Repeat("x", 6<<20))
			return err
		})
		require.ErrorIs(t, err, context.Canceled)
		assert.Empty(t, keys(t, s, "objects"))
	})
}

func TestSweepKeepsWhatIsNamedOrRecent(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s store.Store) {
		named, other := put(t, s, "named"), put(t, s, "other")
		isNamed := func(key string) bool { return key == named }

		removed, err := s.Sweep(t.Context(), "objects", time.Now().Add(-time.Hour), isNamed)
		require.NoError(t, err)
		assert.Zero(t, removed)
		assert.ElementsMatch(t, []string{named, other}, keys(t, s, "objects"))

		removed, err = s.Sweep(t.Context(), "objects", time.Now().Add(time.Hour), isNamed)
		require.NoError(t, err)
		assert.Equal(t, 1, removed)
		assert.Equal(t, []string{named}, keys(t, s, "objects"))
	})
}

func TestSweepRemovesWhatACrashLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := store.NewDisk(dir, ledger.New(ledger.Config{}))
	kept := put(t, s, "kept")
	leftover := filepath.Join(dir, filepath.FromSlash(kept)+".tmp-123")
	require.NoError(t, os.WriteFile(leftover, nil, 0o600))
	foreign := filepath.Join(dir, "objects", "notes.txt")
	require.NoError(t, os.WriteFile(foreign, nil, 0o600))

	_, err := s.Sweep(t.Context(), "objects", time.Now().Add(time.Hour), func(string) bool { return true })
	require.NoError(t, err)
	assert.NoFileExists(t, leftover)
	assert.FileExists(t, foreign, "the store didn't write it")
}

func TestKeysOutsideTheStoreAreRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s store.Store) {
		for _, key := range []string{"../../etc/passwd", "objects/../x-0123456789abcdef", "/objects/ab/o-0123456789abcdef", ""} {
			_, err := s.Open(t.Context(), key)
			require.Error(t, err, key)
			require.Error(t, s.Delete(t.Context(), key), key)
		}
	})
}

func TestFullDiskIsReported(t *testing.T) {
	t.Parallel()
	free := func(string) (int64, error) { return ledger.DefaultReserve, nil }
	s := store.NewDisk(t.TempDir(), ledger.New(ledger.Config{Free: free}))
	_, err := s.Put(t.Context(), name, func(w io.Writer) error {
		_, err := io.WriteString(w, "x")
		return err
	})
	full, ok := errors.AsType[*ledger.DiskError](err)
	require.True(t, ok, "%v", err)
	assert.Contains(t, full.Error(), "backup")
	assert.Empty(t, keys(t, s, "objects"))
}

func TestSweepSparesWhatTheStoreDidNotWrite(t *testing.T) {
	t.Parallel()
	nothing := func(string) bool { return false }
	t.Run("disk", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := store.NewDisk(dir, ledger.New(ledger.Config{}))
		put(t, s, "own")
		var foreign []string
		for _, name := range []string{"objects/photo.jpg", "objects/ab/photo.jpg", "objects/ab/photo.jpg.tmp-12"} {
			foreign = append(foreign, filepath.Join(dir, filepath.FromSlash(name)))
			require.NoError(t, os.MkdirAll(filepath.Dir(foreign[len(foreign)-1]), 0o700))
			require.NoError(t, os.WriteFile(foreign[len(foreign)-1], nil, 0o600))
		}
		removed, err := s.Sweep(t.Context(), "objects", time.Now().Add(time.Hour), nothing)
		require.NoError(t, err)
		assert.Equal(t, 1, removed)
		for _, path := range foreign {
			assert.FileExists(t, path)
		}
	})
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		bucket := newBucket(t, s3test.Start(t, s3test.Options{}))
		s := store.NewS3(bucket)
		put(t, s, "own")
		upload, err := bucket.Begin(t.Context(), blob.Target{Database: "objects", Recording: "ab", Source: "photo.jpg", Size: 1})
		require.NoError(t, err)
		writer, err := bucket.Write(t.Context(), upload, func(blob.Upload) error { return nil })
		require.NoError(t, err)
		_, err = writer.Write([]byte("x"))
		require.NoError(t, err)
		upload, err = writer.Finish()
		require.NoError(t, errors.Join(err, writer.Close()))
		require.NoError(t, bucket.Complete(t.Context(), upload))
		_, err = bucket.Begin(t.Context(), blob.Target{Database: "objects", Recording: "ab", Source: "unfinished.jpg", Size: 1})
		require.NoError(t, err)

		removed, err := s.Sweep(t.Context(), "objects", time.Now().Add(time.Hour), nothing)
		require.NoError(t, err)
		assert.Equal(t, 1, removed)
		_, err = bucket.Stat(t.Context(), upload.Key)
		require.NoError(t, err)
	})
}
