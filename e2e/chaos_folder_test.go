package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

// Somebody deletes the folders of two users, of one while the server runs.
func TestDeletedFoldersAffectOnlyTheirOwners(t *testing.T) {
	t.Parallel()
	sim := chaosSimulator(t)
	in := install(t, sim, "BACKUP_DIR=backups", "BACKUP_KEEP=0")
	server := in.serve()
	load := startLoad(in, 3)
	running, stopped, unaffected := load.people[0], load.people[1], load.people[2]
	load.await(20)
	before := map[string]int{}
	for _, p := range load.people {
		before[p.email] = p.saves()
	}
	out := in.run("backup", "create")
	require.Equal(t, 0, out.exitCode, "%+v", out)

	written := unaffected.count()
	folder := filepath.Join(in.dir, "user_dbs", running.name)
	polltest.Until(t, 5*time.Millisecond, func() bool { return os.RemoveAll(folder) == nil }, "the server creates files meanwhile")
	saved := running.saves()
	polltest.Until(t, 5*time.Millisecond, func() bool { return running.failures(http.StatusServiceUnavailable) > 3 }, "writes go on: %v", running)
	polltest.Until(t, 5*time.Millisecond, func() bool { return unaffected.count() > written+10 }, "others are affected: %v", unaffected)
	load.stop()
	assert.LessOrEqual(t, running.saves(), saved+1, "nothing is acknowledged that nobody can read")
	assert.NoDirExists(t, filepath.Join(in.dir, "user_dbs", running.name))
	server.stop()

	require.NoError(t, os.RemoveAll(filepath.Join(in.dir, "user_dbs", stopped.name)))
	server = in.serve()
	assert.Contains(t, server.log.String(), "folders of user databases are missing")
	out = in.run("userdb", "verify")
	assert.Equal(t, 1, out.exitCode)
	assert.Contains(t, out.stdout, "folder is missing: restore it from a backup")
	out = in.run("backup", "create")
	assert.Equal(t, 1, out.exitCode, "%+v", out)
	unaffected.requireEverything(sim)

	var sets []struct{ Name string }
	require.NoError(t, json.Unmarshal([]byte(in.run("backup", "list", "--json").stdout), &sets))
	slices.SortFunc(sets, func(a, b struct{ Name string }) int { return strings.Compare(b.Name, a.Name) })
	for _, p := range []*chaosPerson{running, stopped} {
		out = in.run("backup", "restore", sets[len(sets)-1].Name, "--user", p.email, "--replace")
		require.Equal(t, 0, out.exitCode, "%+v", out)
		p.requireWorking()
		assert.GreaterOrEqual(t, len(p.history)-p.requireBeginning(), before[p.email], "%s lacks what the backup contains", p.email)
	}
	in.continueNow()
	for _, p := range []*chaosPerson{running, stopped} {
		polltest.Until(t, 20*time.Millisecond, func() bool { return in.countJobs(p.account, "status!='completed'") == 0 }, "a job of %s is stuck", p.email)
	}
	assert.Zero(t, in.run("userdb", "verify").exitCode)
}
