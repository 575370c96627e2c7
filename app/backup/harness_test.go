package backup_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// PocketBase starts these once for the process.
		goleak.IgnoreTopFunction("github.com/pocketbase/pocketbase/tools/store.(*Store[...]).cleanup"),
	)
}

// harness is a server's data with a repository in a folder.
type harness struct {
	*backup.Service
	t         *testing.T
	app       *core.BaseApp
	databases *userdb.Service
	keys      *backup.Keys
	recipient string
	dir       string // of the repository
	store     store.Store
	log       *logtest.Buffer
}

func newHarness(t *testing.T, configure ...func(*backup.Config)) *harness {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	h := &harness{t: t, app: dbtest.NewGlobal(t), dir: filepath.Join(t.TempDir(), "backups"), log: &logtest.Buffer{}}
	h.recipient = identity.Recipient().String()
	h.keys, err = backup.ParseKeys(identity.String(), nil)
	require.NoError(t, err)
	h.databases = startDatabases(t, h.app, filepath.Join(t.TempDir(), "user_dbs"), blob.Stores{})
	space := ledger.New(ledger.Config{})
	h.store = store.NewDisk(h.dir, space)
	cfg := backup.Config{
		Repository: backup.NewRepository(h.store, h.keys), DataDir: h.app.DataDir(), UserDBsDir: h.databases.Dir(""), Databases: h.databases,
		Blobs: blob.Stores{Disk: blob.NewDisk(h.databases.Dir(""))}, Ledger: space, S3Recordings: true, Program: "test",
		InstallationID: func(ctx context.Context) (string, error) { return backup.InstallationID(ctx, h.app.NonconcurrentDB()) },
		Logger:         slog.New(slog.NewTextHandler(h.log, nil)),
	}
	for _, configure := range configure {
		configure(&cfg)
	}
	h.Service = backup.New(cfg)
	_, err = cfg.InstallationID(t.Context()) // the first backup writes nothing to the global database any more
	require.NoError(t, err)
	return h
}

// startDatabases starts the service of user databases. All of a test have the same master key.
func startDatabases(t *testing.T, app core.App, dir string, blobs blob.Stores) *userdb.Service {
	t.Helper()
	keys, err := vault.New(bytes.Repeat([]byte("k"), vault.KeySize))
	require.NoError(t, err)
	s := userdb.New(userdb.Config{App: app, Dir: dir, Vault: keys, Blobs: blobs, Retention: userdb.Retention{DeleteGrace: time.Hour}})
	require.NoError(t, s.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, s.Stop(context.Background())) })
	return s
}

// provision creates a user with a database that contains a meeting.
func (h *harness) provision(email string) registry.Entry {
	h.t.Helper()
	entry, err := h.databases.Provision(h.t.Context(), dbtest.NewUser(h.t, h.app, email))
	require.NoError(h.t, err)
	h.save(entry.Name, schema.Meetings, map[string]any{"recording_id": 1, "title": "meeting of " + email})
	return entry
}

// save saves a record in a user database.
func (h *harness) save(name, collection string, fields map[string]any) *core.Record {
	h.t.Helper()
	db, err := h.databases.Acquire(h.t.Context(), name)
	require.NoError(h.t, err)
	defer db.Release()
	c, err := db.App.FindCollectionByNameOrId(collection)
	require.NoError(h.t, err)
	record := core.NewRecord(c)
	record.Id = core.GenerateDefaultRandomId()
	for field, value := range fields {
		if field == "file" {
			record.SetRaw(field, value) // the field accepts only uploads
		} else {
			record.Set(field, value)
		}
	}
	require.NoError(h.t, db.App.UnsafeWithoutHooks().SaveNoValidate(record))
	return record
}

// addRecording adds a recording with a file on disk and returns its path.
func (h *harness) addRecording(name, content string) (path string) {
	h.t.Helper()
	sum := sha256.Sum256([]byte(content))
	record := h.save(name, schema.Recordings, map[string]any{
		"recording_id": 1, "size": len(content), "file": "recording.mp4", "sha256": hex.EncodeToString(sum[:]),
	})
	path = filepath.Join(h.databases.Dir(name), filepath.FromSlash(userdb.RecordingPath(record, "recording.mp4")))
	require.NoError(h.t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(h.t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// create creates a complete backup.
func (h *harness) create() backup.Set {
	h.t.Helper()
	result, err := h.Create(h.t.Context())
	require.NoError(h.t, err)
	require.Empty(h.t, result.Problems)
	return result.Set
}

func (h *harness) verify(name string) backup.Verification {
	h.t.Helper()
	result, err := h.Repository.Verify(h.t.Context(), name, h.t.TempDir(), h.Ledger)
	require.NoError(h.t, err)
	return result
}

func (h *harness) restoreUser(user string, replace bool) (backup.RestoredUser, error) {
	return h.RestoreUser(h.t.Context(), backup.UserRestore{Set: backup.Latest, User: user, Replace: replace})
}

// settle makes the times of all files of databases so old that they identify the content.
func (h *harness) settle() {
	h.t.Helper()
	for _, dir := range []string{h.DataDir, h.UserDBsDir} {
		require.NoError(h.t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			info, err := entry.Info()
			if err != nil {
				return err
			}
			if at := info.ModTime(); time.Since(at) < time.Minute {
				return os.Chtimes(path, time.Time{}, at.Add(-time.Hour))
			}
			return nil
		}))
	}
}

// objects returns the files in the repository, apart from those of sets.
func (h *harness) objects() (keys []string) {
	h.t.Helper()
	for info, err := range h.store.List(h.t.Context(), "objects") {
		require.NoError(h.t, err)
		keys = append(keys, info.Key)
	}
	return keys
}

// repositoryText returns the content of everything in the repository.
func (h *harness) repositoryText() string {
	h.t.Helper()
	var all strings.Builder
	require.NoError(h.t, filepath.WalkDir(h.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		all.WriteString(path)
		all.Write(content)
		return err
	}))
	return all.String()
}

func ignoreOutcome(userdb.Outcome) {}
