package cli

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// at returns a fixed time some minutes later.
func at(minutes int) *time.Time {
	return new(time.Date(2024, 1, 15, 9, 30, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute))
}

var (
	usedDatabase = userdb.Info{
		Name: "2024-01-15-001-johndoe", User: "u1k2x9d7c3v5b8n", Email: "johndoe@example.com", Status: "ready", Size: 1_234_567_890,
		SchemaVersion: "1795600000_recordings_deletable.go", Port: 9001, Open: true, Handles: 1, Streams: 2,
		Created: at(0), LastUsed: at(5), MaintainedAt: at(60),
	}
	failedDatabase = userdb.Info{
		Name: "2024-01-15-002-jane", User: "u2", Email: "jane@example.com", Status: "failed", Created: at(1),
		Error: "\r\ncreate folder:\tpermission denied\nsecond line\n",
	}
	purgedDatabase = userdb.Info{
		Name: "2024-01-15-005-lee", User: "u5", Email: "lee@example.com", Status: "deleting", Size: 5_000, Created: at(0), DeleteAfter: at(9000),
		PurgeStarted: at(9030), Error: "delete recordings in S3: list uploads: storage can't be reached",
	}
	newDatabase = userdb.Info{Name: "2024-01-15-003-eve", Status: "provisioning", LastUsed: new(time.Time)} // the owner was deleted
)

func TestOutputOfUserdbList(t *testing.T) {
	s := startServer(t)
	golden(t, "userdb_list", s.answer(usedDatabase, failedDatabase, newDatabase, purgedDatabase).run("userdb", "list")+
		s.run("userdb", "list", "--json")+
		s.run("userdb", "list", "--status", "failed", "jane@example.com", "2024-01-15-003-eve")+
		s.answer().run("userdb", "list")+
		s.run("userdb", "list", "--json")+
		s.fail("\"nobody\": user database not found").run("userdb", "list", "nobody"))
}

func TestOutputOfUserdbShow(t *testing.T) {
	s := startServer(t)
	used := userdb.Details{Info: usedDatabase, Folder: "/srv/user_dbs/2024-01-15-001-johndoe", Usage: 1_300_000_000, InS3: 4_200_000_000, Quota: 10_000_000_000}
	archived := userdb.Details{
		Info: userdb.Info{
			Name: "2024-01-15-004-kim", User: "u4", Email: "kim@example.com", Status: "archived", Size: 999, SchemaVersion: "1764000000_first.go",
			Created: at(0), ArchivedAt: at(90), DeleteAfter: at(9000),
		},
		Folder: "/srv/user_dbs/2024-01-15-004-kim", Archive: "/srv/user_dbs/.archive/2024-01-15-004-kim.tar.zst",
		Storage: "/mnt/recordings/2024-01-15-004-kim", Pending: []string{"1764000001_second.go", "1764000002_third.go"},
	}
	golden(t, "userdb_show", s.answer(used).run("userdb", "show", "johndoe@example.com")+
		s.run("userdb", "show", "johndoe@example.com", "--json")+
		s.answer(archived).run("userdb", "show", "2024-01-15-004-kim")+
		s.run("userdb", "show", "2024-01-15-004-kim", "--json")+
		s.answer(userdb.Details{Info: failedDatabase}).run("userdb", "show", "jane@example.com")+
		s.answer(userdb.Details{Info: purgedDatabase}).run("userdb", "show", "lee@example.com")+
		s.answer(userdb.Details{}).run("userdb", "show", "none")+
		s.answer().run("userdb", "show", "none"))
}

func TestOutputOfUserdbStats(t *testing.T) {
	s := startServer(t)
	var full userdb.Stats
	full.Databases = counts(map[string]int{"ready": 9998, "archived": 1, "failed": 1}, full.Databases)
	full.Size, full.SizeInS3, full.Outdated, full.Broken = 12_345_678_901, 98_765_432_100, 3, 1
	full.Pool.Open, full.Pool.MaxOpen, full.Pool.InUse, full.Pool.Watchers = 200, 200, 7, 12
	full.Pool.Opened, full.Pool.OpenFailed, full.Pool.Evicted, full.Pool.IdleClosed, full.Pool.Busy = 54321, 2, 50000, 4000, 5
	golden(t, "userdb_stats", s.answer(full).run("userdb", "stats")+
		s.run("userdb", "stats", "--json")+
		s.answer(userdb.Stats{}).run("userdb", "stats"))
}

// counts converts the keys of a map to the type of a field.
func counts[K ~string](from map[string]int, _ map[K]int) map[K]int {
	to := map[K]int{}
	for key, n := range from {
		to[K(key)] = n
	}
	return to
}

func TestOutputOfUserdbVerify(t *testing.T) {
	s := startServer(t)
	sound := userdb.Verification{Name: "2024-01-15-002-jane", Status: "ready", Problems: []string{}, Done: 1, Total: 2}
	damaged := userdb.Verification{
		Name: "2024-01-15-001-johndoe", Status: "ready", Problems: []string{"first problem\nits detail\n", "second problem"}, Done: 2, Total: 2,
	}
	golden(t, "userdb_verify", s.answer(sound, damaged).run("userdb", "verify")+
		s.run("userdb", "verify", "--json")+
		s.answer(sound).run("userdb", "verify", "--parallel", "4", "jane@example.com")+
		s.answer().run("userdb", "verify")+
		s.fail("registry is damaged", sound).run("userdb", "verify"))
}

func TestOutputOfOperationsOnDatabases(t *testing.T) {
	s := startServer(t)
	success := userdb.Outcome{Name: "2024-01-15-001-johndoe", Done: 1, Total: 2}
	failure := userdb.Outcome{Name: "2024-01-15-002-jane", Error: "user database is in use\nsecond line", Done: 2, Total: 2}
	golden(t, "userdb_migrate", s.answer(success, failure).run("userdb", "migrate", "--all", "--parallel", "8")+
		s.run("userdb", "migrate", "--all", "--json")+
		s.answer(success).run("userdb", "migrate", "johndoe@example.com")+
		s.answer().run("userdb", "migrate", "--all")+
		s.run("userdb", "migrate", "--all", "--json")+
		s.fail("context canceled", success).run("userdb", "migrate", "--all")+
		s.run("userdb", "migrate")+
		s.run("userdb", "migrate", "--all", "johndoe@example.com"))
	golden(t, "userdb_archive", s.answer(success, failure).run("userdb", "archive", "johndoe@example.com", "jane@example.com")+
		s.run("userdb", "archive"))
	golden(t, "userdb_restore", s.answer(success).run("userdb", "restore", "johndoe@example.com")+
		s.run("userdb", "restore"))
	golden(t, "userdb_delete", s.answer(success, failure).run("userdb", "delete", "johndoe@example.com", "jane@example.com")+
		s.answer(success).run("userdb", "delete", "johndoe@example.com", "--now", "--yes")+
		s.run("userdb", "delete", "johndoe@example.com", "--now")+
		s.run("userdb", "delete"))
}

func TestOutputOfUserdbImport(t *testing.T) {
	s := startServer(t)
	file := filepath.Join(s.dir, "john.zip")
	imported := userdb.Imported{
		Name: "2024-01-15-001-johndoe", Email: "johndoe@example.com", ExportedBy: "johndoe@example.com", Meetings: 24,
		Recordings: 1, Connections: []string{},
	}
	other := userdb.Imported{
		Name: "2024-01-15-002-jane", Email: "jane@example.com", ExportedBy: "jane@example.org", CreatedAccount: true,
		Meetings: 1, Recordings: 3, MissingFiles: 2, Connections: []string{"fathom", "smtp"},
		MoveError: "S3 can't be reached\nsecond line",
	}
	golden(t, "userdb_import", s.answer(imported).run("userdb", "import", file, "--email", "johndoe@example.com")+
		s.answer(other).run("userdb", "import", file, "--email", "jane@example.com", "--create")+
		s.run("userdb", "import", file, "--email", "jane@example.com", "--create", "--json")+
		s.fail("import john.zip: archive isn't an export of this program: it contains no data.db").
			run("userdb", "import", file, "--email", "jane@example.com")+
		s.run("userdb", "import", "-", "--email", "jane@example.com")+
		s.run("userdb", "import", file)+
		s.run("userdb", "import"))
}

func TestOutputOfUserdbExport(t *testing.T) {
	s := startServer(t)
	s.content = "the archive\n"
	file := filepath.Join(s.dir, "john.zip")
	golden(t, "userdb_export", s.answer().run("userdb", "export", "johndoe@example.com", "--output", file)+
		s.run("userdb", "export", "johndoe@example.com", "--output", file)+
		s.run("userdb", "export", "johndoe@example.com", "--output", "-")+
		s.run("userdb", "export", "johndoe@example.com", "--output", "-", "--json")+
		s.fail("user database is being exported").run("userdb", "export", "johndoe@example.com", "--output", "-"))
	exported, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, s.content, string(exported))
}

func TestOutputOfUserdbBundle(t *testing.T) {
	s := startServer(t)
	s.content = "the archive\n"
	file := filepath.Join(s.dir, "john.zip")
	golden(t, "userdb_bundle", s.answer().run("userdb", "bundle", "johndoe@example.com", "--output", file)+
		s.run("userdb", "bundle", "johndoe@example.com", "--output", file)+
		s.run("userdb", "bundle", "johndoe@example.com", "--meeting", "1001", "--meeting", "1002", "--without-video", "--output", "-")+
		s.run("userdb", "bundle", "johndoe@example.com", "--filter", "title ~ 'Sales'", "--output", "-")+
		s.run("userdb", "bundle", "johndoe@example.com", "--filter", "title ~ 'Sales'", "--meeting", "1001", "--output", "-")+
		s.run("userdb", "bundle", "johndoe@example.com")+
		s.run("userdb", "bundle", "johndoe@example.com", "--meeting", "x", "--output", "-")+
		s.run("userdb", "bundle", "johndoe@example.com", "--output", "-", "--json")+
		s.fail("there is no meeting with the recording id 7").run("userdb", "bundle", "johndoe@example.com", "--meeting", "7", "--output", "-"))
	bundled, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, s.content, string(bundled))
}
