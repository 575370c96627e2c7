package config_test

import (
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestBackupKeep(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]config.BackupKeep{
		"7d,4w,12m": {Days: 7, Weeks: 4, Months: 12}, "3m": {Months: 3}, "2w, 1d": {Days: 1, Weeks: 2}, "0": {},
	} {
		var keep config.BackupKeep
		require.NoError(t, keep.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, keep, text)
	}
	for _, text := range []string{"7", "d", "0d", "-1d", "7d,8d", "7y", "7d4w", "10001d", ","} {
		keep := config.BackupKeep{Days: 1}
		require.Error(t, keep.UnmarshalText([]byte(text)), text)
		assert.Equal(t, config.BackupKeep{Days: 1}, keep, "it is unchanged")
	}
}

func TestBackupSettings(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	for _, test := range []struct {
		name     string
		settings []string
		wrong    []string // keys
	}{
		{"none", nil, nil},
		{"folder", []string{"BACKUP_DIR=/backups"}, nil},
		{"folder without a key", []string{"BACKUP_DIR=/backups", "BACKUP_KEY="}, []string{"BACKUP_KEY"}},
		{"recipients instead of the key", []string{"BACKUP_DIR=/backups", "BACKUP_KEY=", "BACKUP_RECIPIENTS=" + identity.Recipient().String()}, nil},
		{"malformed keys", []string{"BACKUP_KEY=secret", "BACKUP_RECIPIENTS=age1x"}, []string{"BACKUP_KEY", "BACKUP_RECIPIENTS"}},
		{"two destinations", []string{"BACKUP_DIR=/backups", "BACKUP_S3_BUCKET=backups"}, []string{"BACKUP_DIR"}},
		{"folder among the data", []string{"BACKUP_DIR=pb_data/backups"}, []string{"BACKUP_DIR"}},
		{"bucket without a service", []string{"BACKUP_S3_BUCKET=backups"}, []string{"BACKUP_S3_ACCESS_KEY", "BACKUP_S3_ENDPOINT", "BACKUP_S3_SECRET_KEY"}},
		{"bucket of its own", []string{
			"BACKUP_S3_BUCKET=backups", "BACKUP_S3_ENDPOINT=https://s3.example.com", "BACKUP_S3_ACCESS_KEY=a", "BACKUP_S3_SECRET_KEY=b",
		}, nil},
		{"the recordings' bucket and prefix", []string{
			"S3_ENDPOINT=https://s3.example.com", "S3_BUCKET=all", "S3_ACCESS_KEY=a", "S3_SECRET_KEY=b", "BACKUP_S3_BUCKET=all",
		}, []string{"BACKUP_S3_PREFIX"}},
		{"the recordings' bucket and another prefix", []string{
			"S3_ENDPOINT=https://s3.example.com", "S3_BUCKET=all", "S3_ACCESS_KEY=a", "S3_SECRET_KEY=b",
			"BACKUP_S3_BUCKET=all", "BACKUP_S3_PREFIX=backups",
		}, nil},
		{"recordings within the folders of backups", []string{
			"S3_ENDPOINT=https://s3.example.com", "S3_BUCKET=all", "S3_ACCESS_KEY=a", "S3_SECRET_KEY=b", "S3_PREFIX=objects/videos", "BACKUP_S3_BUCKET=all",
		}, []string{"BACKUP_S3_PREFIX"}},
		{"recordings within the folders of backups with a prefix", []string{
			"S3_ENDPOINT=https://s3.example.com", "S3_BUCKET=all", "S3_ACCESS_KEY=a", "S3_SECRET_KEY=b", "S3_PREFIX=backups/sets",
			"BACKUP_S3_BUCKET=all", "BACKUP_S3_PREFIX=backups",
		}, []string{"BACKUP_S3_PREFIX"}},
		{"backups among the recordings of a database", []string{
			"S3_ENDPOINT=https://s3.example.com", "S3_BUCKET=all", "S3_ACCESS_KEY=a", "S3_SECRET_KEY=b",
			"BACKUP_S3_BUCKET=all", "BACKUP_S3_PREFIX=2024-01-15-002-ada",
		}, []string{"BACKUP_S3_PREFIX"}},
		{"recordings beside the backups", []string{
			"S3_ENDPOINT=https://s3.example.com", "S3_BUCKET=all", "S3_ACCESS_KEY=a", "S3_SECRET_KEY=b", "S3_PREFIX=recordings", "BACKUP_S3_BUCKET=all",
		}, nil},
		{"schedule", []string{"BACKUP_CRON=off", "BACKUP_KEEP=0"}, nil},
		{"malformed schedule", []string{"BACKUP_CRON=daily", "BACKUP_KEEP=7"}, []string{"BACKUP_CRON", "BACKUP_KEEP"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var wrong []string
			for _, problem := range problems(t, config.LoadFrom(t.TempDir(), append(valid(t), test.settings...))) {
				wrong = append(wrong, problem.Key)
			}
			assert.ElementsMatch(t, test.wrong, wrong)
		})
	}
}

func TestBackupsUseTheS3SettingsByDefault(t *testing.T) {
	t.Parallel()
	s3 := append(valid(t), "S3_ENDPOINT=https://s3.example.com", "S3_BUCKET=recordings", "S3_REGION=r1", "S3_PATH_STYLE=false",
		"S3_ACCESS_KEY=a", "S3_SECRET_KEY=b", "BACKUP_S3_BUCKET=backups")
	c := config.LoadFrom(t.TempDir(), s3)
	require.NoError(t, c.Validate())
	assert.Equal(t, config.S3Access{Endpoint: "https://s3.example.com", Bucket: "backups", Region: "r1", AccessKey: "a", SecretKey: "b"}, c.BackupS3())

	c = config.LoadFrom(t.TempDir(), append(s3, "BACKUP_S3_ENDPOINT=https://other.example.com", "BACKUP_S3_ACCESS_KEY=c", "BACKUP_S3_SECRET_KEY=d"))
	require.NoError(t, c.Validate())
	assert.Equal(t, config.S3Access{Endpoint: "https://other.example.com", Bucket: "backups", AccessKey: "c", SecretKey: "d", PathStyle: true}, c.BackupS3())
}
