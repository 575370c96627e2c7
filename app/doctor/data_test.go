package doctor_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/app/standby"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestBrokenSettingsAreReported(t *testing.T) {
	t.Parallel()
	report := examine(t, t.TempDir(), doctor.Config{}, "JWT_SECRET=too-short-secret", "WORKER_CONCURRENCY=1000", "HTTPS_PROXY=not a proxy")
	requireFinding(t, report, "settings", doctor.Fail, "JWT_SECRET is not valid")
	requireFinding(t, report, "settings", doctor.Fail, "WORKER_CONCURRENCY is not valid")
	requireFinding(t, report, "settings", doctor.Fail, "HTTPS_PROXY is not valid")
	assert.Equal(t, 3, report.Failures)
	text, err := json.Marshal(report)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "too-short-secret")
}

func TestOtherKeysAreReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.SignUp("ada@example.com")
	require.NoError(t, s.Stop())
	const key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	report := examine(t, s.Dir, doctor.Config{}, "AES_MASTER_KEY="+key, "PB_ENCRYPTION_KEY="+key)
	requireFinding(t, report, "keys", doctor.Fail, "AES_MASTER_KEY is not the key that encrypted 1 of 1 user databases")
	requireFinding(t, report, "keys", doctor.Fail, "PB_ENCRYPTION_KEY is not the key that encrypted PocketBase's settings")
	assert.Equal(t, 2, report.Failures)
}

func TestSchemasOfOtherVersionsAreReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.SignUp("ada@example.com")
	require.NoError(t, s.Stop())
	apptest.Execute(t, s.GlobalFile(), "UPDATE user_databases SET schema_version = '9999999999_newer.go'")
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "schema", doctor.Fail, "a newer version has migrated 1 user database")
	apptest.Execute(t, s.GlobalFile(), "UPDATE user_databases SET schema_version = '1764000000_users.go'")
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "schema", doctor.OK, "1 an older one")

	apptest.Execute(t, s.GlobalFile(), "INSERT INTO _migrations (file, applied) VALUES ('9999999999_newer.go', 1)")
	report := examine(t, s.Dir, doctor.Config{})
	requireFinding(t, report, "data", doctor.Fail, "was last used by a newer version, which applied 9999999999_newer.go")
	requireFinding(t, report, "orphans", doctor.Warn, "not checked")
	apptest.Execute(t, s.GlobalFile(), "DELETE FROM _migrations WHERE file = '9999999999_newer.go' OR file = (SELECT MAX(file) FROM _migrations WHERE file < '9')")
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "schema", doctor.Warn, "an older version wrote the global database: 1 migration is missing")

	require.NoError(t, os.WriteFile(s.GlobalFile(), []byte("not a database, although it is long enough to be one"), 0o600))
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "data", doctor.Fail, "")
}

func TestOrphansAreReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada := s.SignUp("ada@example.com")
	s.SignUp("bob@example.com")
	folder := s.App.Databases.Dir(ada.Name)
	require.NoError(t, s.Stop())
	require.NoError(t, os.Rename(folder, filepath.Join(filepath.Dir(folder), "2020-01-01-001-eve")))
	report := examine(t, s.Dir, doctor.Config{})
	requireFinding(t, report, "orphans", doctor.Fail, "the files of 1 user database ("+ada.Name+") are missing")
	requireFinding(t, report, "orphans", doctor.Warn, "no account owns the files of 1 user database (2020-01-01-001-eve)")
}

func TestPermissionsAreExamined(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	who := s.SignUp("ada@example.com")
	folder := s.App.Databases.Dir(who.Name)
	require.NoError(t, s.Stop())
	require.NoError(t, os.Chmod(folder, 0o755))
	require.NoError(t, os.Chmod(filepath.Join(folder, "data.db"), 0o644))
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "permissions", doctor.Warn, "other users of this machine can read 1 user database")
	if os.Geteuid() == 0 {
		require.NoError(t, os.Lchown(filepath.Join(s.Dir, "pb_data"), 4711, 4711))
		requireFinding(t, examine(t, s.Dir, doctor.Config{}), "permissions", doctor.Warn, "belongs to user 4711, but this command runs as user 0")
	}
	requireFinding(t, examine(t, s.Dir, doctor.Config{}, "DATA_DIR=/dev/null"), "data", doctor.Fail, "it is a file, not a folder")
}

func TestReplacedServersAreTold(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.SignUp("ada@example.com")
	require.NoError(t, s.Stop())
	mark := standby.Incarnation{Number: 2, Since: time.Now(), Host: "the-standby"}
	require.NoError(t, standby.WriteMark(filepath.Join(s.Dir, "user_dbs"), mark))
	report := examine(t, s.Dir, doctor.Config{})
	requireFinding(t, report, "data", doctor.Fail, "another server, promoted on the-standby")
	assert.Equal(t, 1, report.Failures)
}

func TestInterruptedReplacementsAreReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	require.NoError(t, s.Stop())
	data := filepath.Join(s.Dir, "pb_data")
	require.NoError(t, os.Mkdir(filepath.Join(data, ".restoring"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(data, ".restoring", "commit.json"), []byte(`{"set": "20261127T201500Z"}`), 0o600))
	require.NoError(t, os.Rename(s.GlobalFile(), filepath.Join(s.Dir, "moved")))
	report := examine(t, s.Dir, doctor.Config{})
	requireFinding(t, report, "data", doctor.Warn, "the restore of backup 20261127T201500Z was interrupted while it replaced the data")
	for _, check := range []string{"keys", "schema", "orphans"} {
		requireFinding(t, report, check, doctor.Warn, "not checked")
	}
	require.NoError(t, os.RemoveAll(filepath.Join(data, ".restoring")))
	require.NoError(t, os.Mkdir(filepath.Join(data, ".promoting"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(data, ".promoting", "promoted.json"), []byte(`{}`), 0o600))
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "data", doctor.Warn, "the promotion of this server was interrupted")
}

func TestDatabasesOnOtherServersAreNoOrphans(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, bob := s.SignUp("ada@example.com"), s.SignUp("bob@example.com")
	s.SetCell(ada.Name, "c2")
	s.SetCell(bob.Name, "c2")
	require.NoError(t, s.Stop())
	require.NoError(t, os.RemoveAll(s.FolderPath(ada.Name))) // bob's is still here
	apptest.Execute(t, s.GlobalFile(), "UPDATE user_databases SET schema_version = '9999999999_newer.go'")
	report := examine(t, s.Dir, doctor.Config{})
	requireFinding(t, report, "orphans", doctor.OK, "0 registered databases and their files agree")
	requireFinding(t, report, "schema", doctor.OK, "")
}
