package doctor_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestBackupsAreJudgedByAge(t *testing.T) {
	t.Parallel()
	ago := func(age time.Duration) time.Time { return time.Now().Add(-age) }
	failed := backup.Status{LastSuccess: ago(24 * time.Hour), LastFailure: ago(2 * time.Hour), LastError: "the disk is full"}
	for name, test := range map[string]struct {
		state  app.BackupState
		err    error
		status doctor.Status
		want   string
	}{
		"none configured": {err: app.ErrNoBackups, status: doctor.Warn, want: "no backups are configured"},
		"none yet":        {status: doctor.Warn, want: "there is no backup yet"},
		"unreachable":     {err: errors.New("bucket is gone"), status: doctor.Warn, want: "bucket is gone"},
		"old":             {state: app.BackupState{Newest: ago(72 * time.Hour)}, status: doctor.Warn, want: "3 days ago"},
		"recent":          {state: app.BackupState{Newest: ago(24 * time.Hour)}, status: doctor.OK, want: "1 day ago"},
		"future":          {state: app.BackupState{Newest: ago(-300 * 24 * time.Hour)}, status: doctor.Warn, want: "which is in the future"},
		"vanished":        {state: app.BackupState{Status: backup.Status{LastSuccess: ago(8 * time.Hour)}}, status: doctor.Warn, want: "contains no backup, although one was made 8 hours ago"},
		"failed since":    {state: app.BackupState{Newest: ago(24 * time.Hour), Status: failed}, status: doctor.Warn, want: "the last backup failed 2 hours ago: the disk is full"},
		"incomplete":      {state: app.BackupState{Newest: ago(time.Hour), Incomplete: 2}, status: doctor.Warn, want: "lacks something of 2 user databases"},
		"newer is damaged": {
			state:  app.BackupState{Newest: ago(time.Hour), Unusable: []backup.Problem{{Text: "backup 20261128T063638Z can't be used: its index is damaged"}}},
			status: doctor.Warn, want: "20261128T063638Z can't be used",
		},
	} {
		cfg := doctor.Config{Backups: func(context.Context) (app.BackupState, error) { return test.state, test.err }}
		t.Run(name, func(t *testing.T) {
			requireFinding(t, examine(t, t.TempDir(), cfg), "backups", test.status, test.want)
		})
	}
}

// What the data directory says about backups doesn't matter: the destination does.
func TestBackupsAreLookedForAtTheirDestination(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "backups")
	setting := "BACKUP_DIR=" + folder
	s := apptest.Start(t, apptest.Options{Settings: []string{setting}})
	_, err := s.App.Backups.Create(t.Context())
	require.NoError(t, err)
	requireFinding(t, examine(t, s.Dir, doctor.Config{}, setting), "backups", doctor.OK, "was made")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, setting), "backups", doctor.OK, "was made") // another machine
	require.NoError(t, os.RemoveAll(folder))                                                               // not mounted
	requireFinding(t, examine(t, s.Dir, doctor.Config{}, setting), "backups", doctor.Warn, "the destination contains no backup, although one was made")

	bucket := s3test.Start(t, s3test.Options{})
	inS3 := []string{
		"BACKUP_S3_BUCKET=" + bucket.Bucket, "BACKUP_S3_ENDPOINT=" + bucket.URL, "BACKUP_S3_REGION=" + bucket.Region,
		"BACKUP_S3_ACCESS_KEY=" + bucket.AccessKey, "BACKUP_S3_SECRET_KEY=" + bucket.SecretKey,
	}
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, inS3...), "backups", doctor.Warn, "there is no backup yet")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, append(inS3, "BACKUP_S3_BUCKET=another-bucket")...), "backups", doctor.Warn, "the backups can't be read")
}
