package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
)

var set = backup.Set{
	Name: "20261127T201500Z", Format: 1, Program: "v1.2.3", Created: time.Date(2026, 11, 27, 20, 15, 0, 0, time.UTC), Seconds: 12.34,
	Databases: 20, Recordings: 1, Deleted: 1, Incomplete: 1, Bytes: 250_000_000, Stored: 200_000_000, Added: 1_500_000,
}

func TestOutputOfBackups(t *testing.T) {
	s := startServer(t)
	problems := []backup.Problem{{Database: "2024-01-15-002-ada", Text: "file of recording r1 is missing"}}
	complete := backup.Result{Set: set, Problems: []backup.Problem{}, Removed: []string{"20261120T201500Z"}}
	incomplete := backup.Result{Set: set, Problems: problems, Removed: []string{}}
	restored := backup.RestoredUser{Set: set, Name: "2024-01-15-002-ada", Email: "ada@example.com", Recordings: 3, Problems: []backup.Problem{}}
	recreated := restored
	recreated.CreatedAccount, recreated.Replaced = true, "2024-01-16-001-ada"
	golden(t, "backup", s.answer(complete).run("backup", "create")+
		s.answer(incomplete).run("backup", "create")+
		s.answer(complete).run("backup", "create", "--json")+
		s.fail("another backup is running: wait until it has ended").run("backup", "create")+
		s.answer(restored).run("backup", "restore", "latest", "--user", "ada@example.com", "--replace")+
		s.answer(recreated).run("backup", "restore", "20261127T201500Z", "--user", "2024-01-15-002-ada")+
		s.run("backup", "restore")+
		s.run("backup", "restore", "latest", "--user", "ada@example.com", "--into", "/tmp/drill")+
		s.run("backup", "list")+
		s.run("backup", "verify"))
}

func TestTextOfBackups(t *testing.T) {
	var out strings.Builder
	damaged := backup.Set{Name: "20261128T031700Z", Created: time.Date(2026, 11, 28, 3, 17, 0, 0, time.UTC), Problem: "read the index: unexpected EOF"}
	require.NoError(t, writeSets(&out, []backup.Set{set, damaged}))
	require.NoError(t, writeSets(&out, nil))
	require.NoError(t, writeBackupVerification(&out, backup.Verification{Set: set, Objects: 22, Databases: 21}))
	require.NoError(t, writeBackupVerification(&out, backup.Verification{Set: set, Objects: 22, Encrypted: true}))
	require.NoError(t, writeRestored(&out, backup.Restored{
		Set: set, Databases: 20, Recordings: 1, Bytes: 250_000_000, Aside: []string{"pb_data/.before-restore-x"},
		Problems: []backup.Problem{{Database: "a", Text: "file of the backup is damaged"}},
	}))
	assert.Equal(t, `BACKUP            CREATED           DATABASES  RECORDINGS  SIZE    ADDED   INCOMPLETE
20261127T201500Z  2026-11-27 20:15  20         1           200 MB  1.5 MB  1
20261128T031700Z  2026-11-28 03:17  ?          ?           ?       ?
backup 20261128T031700Z can't be used: read the index: unexpected EOF
no backups
20261127T201500Z: restored and opened 21 databases, checked 22 files
20261127T201500Z: the checksums of 22 files are right; set BACKUP_KEY to check what they contain
restored 20261127T201500Z: 20 user databases, 1 recording, 250 MB
the former data is in pb_data/.before-restore-x: delete it when you no longer need it
a: file of the backup is damaged
`, out.String())
}
