package doctor_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// writeLTX writes a file as Litestream leaves it.
func writeLTX(t *testing.T, folder, name string, at time.Time) {
	t.Helper()
	require.NoError(t, os.MkdirAll(folder, 0o700))
	path := filepath.Join(folder, name+".ltx")
	require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
	require.NoError(t, os.Chtimes(path, at, at))
}

func TestReplicationIsExamined(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	replica := filepath.Join(t.TempDir(), "standby", "1")
	local := filepath.Join(s.Dir, "pb_data", ".data.db-litestream", "ltx", "0")
	check := func(status doctor.Status, want string) {
		t.Helper()
		requireFinding(t, examine(t, s.Dir, doctor.Config{}, "LITESTREAM_REPLICA=file://"+replica), "standby", status, want)
	}
	const first, second = "0000000000000001-0000000000000009", "000000000000000a-000000000000000a"
	changed := func(at time.Time) { require.NoError(t, os.Chtimes(s.GlobalFile()+"-wal", at, at)) }
	now := time.Now()
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "standby", doctor.OK, "there is no standby")
	check(doctor.Warn, "has never copied")
	writeLTX(t, local, first, now.Add(-time.Hour))
	changed(now)
	check(doctor.Warn, "it last did so 1 hour ago, and there are newer changes")
	changed(now.Add(-time.Hour))
	check(doctor.Warn, "read the replica: ")
	writeLTX(t, filepath.Join(replica, "ltx", "0"), "0000000000000001-0000000000000001", now)
	check(doctor.Warn, "the replica lacks changes that were made 1 hour ago")
	writeLTX(t, filepath.Join(replica, "ltx", "1"), first, now)
	check(doctor.OK, "the replica has its newest changes")
	writeLTX(t, local, second, now)
	changed(now)
	check(doctor.OK, "")
	requireFinding(t, examine(t, s.Dir, doctor.Config{}, "LITESTREAM_REPLICA=s3://bucket/standby/1"), "standby", doctor.OK, "only a rehearsal shows")
	require.NoError(t, s.Stop())
	check(doctor.OK, "no server runs")
}
