package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// requireHealthy requires that the doctor finds no failure, with or without a server.
func (in *installation) requireHealthy() {
	in.t.Helper()
	out := in.run("doctor")
	require.Equal(in.t, 0, out.exitCode, "%+v", out)
	assert.Contains(in.t, out.stdout, ", 0 failed (version ")
	assert.Empty(in.t, out.stderr)
}

// requireSick requires that the doctor fails with a message, and changes nothing.
func (in *installation) requireSick(want string) {
	in.t.Helper()
	before := snapshot(in.t, in.dir)
	out := in.run("doctor")
	assert.Equal(in.t, 1, out.exitCode, "%+v", out)
	assert.Contains(in.t, out.stdout, want)
	assert.Regexp(in.t, `fathom-to-loom: \d+ checks? failed\n$`, out.stderr)
	assert.Equal(in.t, before, snapshot(in.t, in.dir))
}

func TestDoctorExaminesAnInstallation(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}), "ATLASSIAN_MCP_URL=http://127.0.0.1:1/v2/mcp")
	in.requireHealthy()
	assertEmptyDir(t, in.dir)
	server := in.serve()
	in.newAccount("ada@example.com")
	in.requireHealthy()
	out := in.run("doctor", "--json")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	var report doctor.Report
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &report))
	assert.Equal(t, len(report.Findings), report.OK+report.Warnings+report.Failures)
	server.stop()
	in.requireHealthy()
	for _, secret := range []string{in.keys.AESMasterKey.Reveal(), in.keys.JWTSecret.Reveal(), in.keys.PBEncryptionKey.Reveal(), in.keys.AdminPassword.Reveal()} {
		assert.NotContains(t, out.stdout, secret)
	}

	right := in.env
	in.env = append(right[:len(right):len(right)], "AES_MASTER_KEY="+otherMasterKey(t))
	in.requireSick("AES_MASTER_KEY is not the key that encrypted 1 of 1 user databases")
	in.env = append(right[:len(right):len(right)], "JWT_SECRET=")
	in.requireSick("JWT_SECRET is missing")
	in.env = right

	db, err := sqlite.Open(filepath.Join(in.dir, "pb_data", sqlite.DataFile))
	require.NoError(t, err)
	_, err = db.NewQuery("INSERT INTO _migrations (file, applied) VALUES ('9999999999_newer.go', 1)").Execute()
	require.NoError(t, err)
	require.NoError(t, db.Close())
	in.requireSick("was last used by a newer version, which applied 9999999999_newer.go")
}

func TestDoctorReportsFoldersThatTheServerCannotUse(t *testing.T) {
	t.Parallel()
	in := installUnprivileged(t, startSimulator(t, simulator.Config{}))
	in.serve().stop()
	in.giveAway()
	healthy := in.runUnprivileged("doctor")
	require.Equal(t, 0, healthy.exitCode, "%+v", healthy)
	for _, folder := range []string{"pb_data", "user_dbs"} {
		allow := deny(t, filepath.Join(in.dir, folder))
		out := in.runUnprivileged("doctor")
		allow()
		assert.Equal(t, 1, out.exitCode, "%s: %+v", folder, out)
		assert.Contains(t, out.stdout, "cannot read "+filepath.Join(in.dir, folder), folder)
	}
	require.NoError(t, os.RemoveAll(filepath.Join(in.dir, "user_dbs")))
	require.NoError(t, os.WriteFile(filepath.Join(in.dir, "user_dbs"), nil, 0o600))
	out := in.runUnprivileged("doctor")
	assert.Equal(t, 1, out.exitCode, "%+v", out)
	assert.True(t, strings.Contains(out.stdout, "it is a file, not a folder"), out.stdout)
}
