package blob_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

const (
	part     = 64 << 10 // bytes; real parts would make the tests slow
	database = "2026-11-20-001-user"
	other    = "2026-11-20-0010-user" // begins like a name that DeleteAll must not touch
)

// engine is one of the engines, with what tests need to know about its content.
type engine struct {
	kind   blob.Engine
	root   string         // of the disk
	server *s3test.Server // of S3
	open   func() blob.Store
}

// store returns the engine as a process that was started just now would have it.
func (e *engine) store() blob.Store { return e.open() }

// leftovers returns how many unfinished uploads the engine keeps.
func (e *engine) leftovers(t testing.TB) int {
	if e.server != nil {
		return len(e.server.Uploads())
	}
	count := 0
	for _, folder := range []string{"partial", "storage/.partial"} {
		partials, err := filepath.Glob(filepath.Join(e.root, "*", folder, "*"))
		require.NoError(t, err)
		count += len(partials)
	}
	return count
}

// backdate makes everything that is stored older.
func (e *engine) backdate(t testing.TB, d time.Duration) {
	if e.server != nil {
		e.server.Backdate(d)
		return
	}
	then := time.Now().Add(-d)
	require.NoError(t, filepath.WalkDir(e.root, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, then, then)
	}))
}

func newDisk(t testing.TB) *engine {
	root := t.TempDir()
	for _, name := range []string{database, other} {
		require.NoError(t, os.Mkdir(filepath.Join(root, name), 0o700))
	}
	return &engine{kind: blob.EngineDisk, root: root, open: func() blob.Store { return blob.NewDisk(root) }}
}

func newS3(t testing.TB) *engine {
	server := s3test.Start(t, s3test.Options{MinPart: part})
	return &engine{kind: blob.EngineS3, server: server, open: func() blob.Store { return openS3(t, server, nil) }}
}

// openS3 returns an engine that doesn't wait between attempts.
func openS3(t testing.TB, server *s3test.Server, change func(*blob.S3Config)) *blob.S3 {
	cfg := blob.S3Config{
		Endpoint: server.URL, Bucket: server.Bucket, Region: server.Region,
		AccessKey: server.AccessKey, SecretKey: server.SecretKey, PathStyle: true,
		Prefix: "/some/prefix/", PartSize: part, IdleTimeout: time.Minute,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	if change != nil {
		change(&cfg)
	}
	s3, err := blob.NewS3(cfg)
	require.NoError(t, err)
	t.Cleanup(s3.Close)
	return s3
}

// eachEngine runs a test with both engines.
func eachEngine(t *testing.T, test func(t *testing.T, e *engine)) {
	t.Run("disk", func(t *testing.T) { test(t, newDisk(t)) })
	t.Run("s3", func(t *testing.T) { test(t, newS3(t)) })
}

func target(recording, source string) blob.Target {
	return blob.Target{
		Database: database, Recording: recording, Source: source, MaxSize: 1 << 28,
		Path: "storage/collection/record" + recording + "/recording.mp4",
	}
}

// content returns reproducible bytes that no part repeats.
func content(size int, seed uint64) []byte {
	bytes := make([]byte, size)
	random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	_, _ = random.Read(bytes) // never fails
	return bytes
}

func hashOf(bytes []byte) string {
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:])
}

// saved is the state that a caller keeps in its database: what is read is a copy of what was written.
type saved struct{ text []byte }

func (s *saved) save(upload blob.Upload) error {
	text, err := json.Marshal(upload)
	s.text = text
	return err
}

func (s *saved) upload(t require.TestingT) (upload blob.Upload) {
	require.NoError(t, json.Unmarshal(s.text, &upload))
	return upload
}

// begin starts an upload and saves its state.
func begin(t testing.TB, store blob.Store, target blob.Target) *saved {
	upload, err := store.Begin(t.Context(), target)
	require.NoError(t, err)
	s := &saved{}
	require.NoError(t, s.save(upload))
	return s
}

// write appends bytes in pieces, and returns the writer.
func write(t testing.TB, store blob.Store, state *saved, bytes []byte) blob.Writer {
	w, err := store.Write(t.Context(), state.upload(t), state.save)
	require.NoError(t, err)
	for len(bytes) > 0 {
		n := min(len(bytes), 10_007)
		written, err := w.Write(bytes[:n])
		require.NoError(t, err)
		require.Equal(t, n, written)
		bytes = bytes[n:]
	}
	return w
}

// put stores a blob and returns its key.
func put(t testing.TB, store blob.Store, target blob.Target, bytes []byte) string {
	state := begin(t, store, target)
	w := write(t, store, state, bytes)
	upload, err := w.Finish()
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, store.Complete(t.Context(), upload))
	return upload.Key
}

func readAll(t testing.TB, store blob.Store, key string) []byte {
	reader, err := store.Open(t.Context(), key)
	require.NoError(t, err)
	bytes, err := io.ReadAll(reader)
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	return bytes
}

func list(t testing.TB, store blob.Store, database string) map[string]int64 {
	found := map[string]int64{}
	for info, err := range store.List(t.Context(), database) {
		require.NoError(t, err)
		found[info.Key] = info.Size
	}
	return found
}
