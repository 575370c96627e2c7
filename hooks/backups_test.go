package hooks_test

import (
	"archive/zip"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/pocketbase/pocketbase/tools/cron"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func backupCron(s *apptest.Server) *cron.Job {
	jobs := s.App.Cron().Jobs()
	i := slices.IndexFunc(jobs, func(job *cron.Job) bool { return job.Id() == "backup" })
	if i < 0 {
		return nil
	}
	return jobs[i]
}

func TestScheduledBackup(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "backups")
	s := apptest.Start(t, apptest.Options{Settings: []string{"BACKUP_DIR=" + folder, "BACKUP_CRON=5 4 * * *"}})
	ada := s.SignUp("ada@example.com")
	job := backupCron(s)
	require.NotNil(t, job)
	assert.Equal(t, "5 4 * * *", job.Expression())
	job.Run()
	state, err := s.App.BackupState(t.Context())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), state.Newest, time.Minute)
	assert.Empty(t, state.LastError)
	result, err := s.App.VerifyBackup(t.Context(), backup.Latest)
	require.NoError(t, err)
	assert.Empty(t, result.Problems)
	assert.Equal(t, 2, result.Databases)

	require.NoError(t, os.RemoveAll(s.FolderPath(ada.Name)))
	job.Run()
	assert.Contains(t, s.Log.String(), "failed to create a complete backup")
	assert.Contains(t, s.Log.String(), ada.Name)
	state, err = s.App.BackupState(t.Context())
	require.NoError(t, err)
	assert.Contains(t, state.LastError, ada.Name)
	assert.Equal(t, 1, state.Incomplete)
}

func TestBackupsContainNoSearchIndex(t *testing.T) {
	t.Parallel()
	folder := "BACKUP_DIR=" + filepath.Join(t.TempDir(), "backups")
	s := apptest.Start(t, apptest.Options{Settings: []string{folder}})
	p := s.SignUpWithMeetings("ada@example.com")
	s.Eventually(func() bool { return p.Own("GET", "/api/search?q=a", nil).Status == 200 }) // a busy machine may need longer than a search may take
	require.FileExists(t, filepath.Join(s.FolderPath(p.Name), sqlite.SearchFile))
	_, err := s.App.Backups.Create(t.Context())
	require.NoError(t, err)
	into := filepath.Join(t.TempDir(), "restored")
	require.NoError(t, cli.Run(t.Context(), apptest.NewApp(s.Dir, folder), "backup", "restore", "latest", "--into", into))
	found := map[string]bool{}
	require.NoError(t, filepath.WalkDir(into, func(path string, _ fs.DirEntry, err error) error {
		found[filepath.Base(path)] = true
		return err
	}))
	assert.True(t, found[p.Name])
	assert.False(t, found[sqlite.SearchFile])
}

// With BACKUP_RECIPIENTS, the server can't read its backups. An operator who can restores with a key that only the command has.
func TestRestoreOfAPersonWithTheKeyOfTheCommand(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	folder := "BACKUP_DIR=" + filepath.Join(t.TempDir(), "backups")
	s := apptest.Start(t, apptest.Options{Settings: []string{folder, "BACKUP_KEY=", "BACKUP_RECIPIENTS=" + identity.Recipient().String()}})
	s.SignUp("ada@example.com")
	_, err = s.App.Backups.Create(t.Context())
	require.NoError(t, err)
	restore := []string{"backup", "restore", "latest", "--user", "ada@example.com", "--replace"}
	err = cli.Run(t.Context(), apptest.NewApp(s.Dir, folder, "BACKUP_KEY=", "BACKUP_RECIPIENTS="+identity.Recipient().String()), restore...)
	require.ErrorContains(t, err, "set BACKUP_KEY")
	require.NoError(t, cli.Run(t.Context(), apptest.NewApp(s.Dir, folder, "BACKUP_KEY="+identity.String()), restore...))
	assert.NotContains(t, s.Log.String(), identity.String())
	require.Equal(t, 200, s.SignIn("ada@example.com").Status)
}

func TestWithoutDestinationThereAreNoBackups(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	assert.Nil(t, backupCron(s))
	_, err := s.App.BackupState(t.Context())
	require.ErrorIs(t, err, app.ErrNoBackups)
}

func TestBackupOfPocketBaseSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	data := filepath.Join(s.Dir, "pb_data")
	for _, aside := range []string{".before-restore-x", ".before-promotion-x"} {
		require.NoError(t, os.Mkdir(filepath.Join(data, aside), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(data, aside, "data.db"), nil, 0o600))
	}
	require.NoError(t, s.App.CreateBackup(t.Context(), "small.zip"))
	assert.Contains(t, s.Log.String(), "PocketBase's backup contains the global database only")
	archive, err := zip.OpenReader(filepath.Join(data, "backups", "small.zip"))
	require.NoError(t, err)
	defer archive.Close()
	for _, file := range archive.File {
		assert.NotContains(t, file.Name, ".before-", "former data isn't part of it")
	}
}

func TestPocketBaseRestoresNothingBesideLitestream(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"LITESTREAM_REPLICA=file:///mnt/standby/1"}})
	require.NoError(t, s.App.CreateBackup(t.Context(), "small.zip"))
	require.ErrorContains(t, s.App.RestoreBackup(t.Context(), "small.zip"), "use \"fathom-to-loom backup restore\"")
}
