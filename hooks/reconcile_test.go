package hooks_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Every state a crash can leave between a folder, an archive and a row, and what
// the next start makes of it. The data is there in all of them.
func TestWhatACrashLeavesOfAnArchive(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	type state struct {
		status          string
		folder, archive bool
		wantStatus      string
		wantFolder      bool // else the archive
	}
	states := map[string]state{
		"packed, not yet said":         {"ready", true, true, "ready", true},
		"said, folder not yet gone":    {"archived", true, true, "archived", false},
		"archived":                     {"archived", false, true, "archived", false},
		"unpacked, not yet said":       {"archived", true, true, "archived", false},
		"unpacked and said":            {"ready", true, true, "ready", true},
		"ready":                        {"ready", true, false, "ready", true},
		"the row from an older backup": {"ready", false, true, "archived", false},
		"the folder put back by hand":  {"archived", true, false, "ready", true},
	}
	people := map[string]person{}
	for name := range states {
		people[name] = s.signUp("p" + string(rune('a'+len(people))) + "@example.com")
		people[name].furnish()
	}
	before := map[string]string{}
	for name, p := range people {
		before[name] = p.fingerprint()
		require.NoError(t, s.app.Databases.Archive(t.Context(), []string{p.name}, func(o userdb.Outcome) { require.Empty(t, o.Error) }))
		archive, err := os.ReadFile(s.archive(p.name))
		require.NoError(t, err)
		require.Empty(t, s.restoreDatabase(p.name).Error)
		if !states[name].folder {
			require.NoError(t, os.RemoveAll(s.folder(p.name)))
		}
		if states[name].archive {
			require.NoError(t, os.WriteFile(s.archive(p.name), archive, 0o600))
		}
	}
	require.NoError(t, s.stop())
	for name, p := range people {
		s.edit("UPDATE user_databases SET status = '" + states[name].status + "' WHERE name = '" + p.name + "'")
	}
	for _, leftover := range []string{".new-x", ".trash-2020-01-01-001-x", ".archives/2020-01-01-001-x.tar.zst.new", ".archives/2020-01-01-001-x.tar.zst.tmp-12"} {
		require.NoError(t, os.WriteFile(filepath.Join(s.dir, "user_dbs", leftover), []byte("half"), 0o600))
	}
	stranger := filepath.Join(s.dir, "user_dbs", ".archives", "2020-01-01-001-stranger.tar.zst")
	require.NoError(t, os.WriteFile(stranger, []byte("somebody's"), 0o600))

	next := start(t, options{dir: s.dir, sim: s.sim})
	assert.Empty(t, leftovers(t, next))
	assert.FileExists(t, stranger, "what nobody knows is never deleted")
	assert.Contains(t, next.log.String(), "2020-01-01-001-stranger")
	for name, p := range people {
		want := states[name]
		assert.Equal(t, want.wantStatus, next.row(p.name)["status"], name)
		_, err := os.Stat(next.folder(p.name))
		assert.Equal(t, want.wantFolder, err == nil, "%s: folder", name)
		_, err = os.Stat(next.archive(p.name))
		assert.Equal(t, !want.wantFolder, err == nil, "%s: archive", name)
	}
	for name, p := range people {
		connection, err := next.app.Gateway.Connect(t.Context(), next.user(p.id), next.provision(p.id))
		require.NoError(t, err, name)
		p.server, p.db, p.session = next, connection.URL, connection.Token
		assert.Equal(t, before[name], p.fingerprint(), name)
	}
}

func TestMissingFoldersAreSaidInTheRegistry(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	require.NoError(t, s.stop())
	require.NoError(t, os.Rename(s.folder(p.name), s.folder("elsewhere")))
	next := start(t, options{dir: s.dir, sim: s.sim})
	assert.Contains(t, next.row(p.name)["error"], "missing")
	require.NoError(t, os.Rename(s.folder("elsewhere"), s.folder(p.name)))
	p.server, p.db = next, next.url+"/db/"+p.name
	require.Equal(t, 200, p.own("GET", "/api/collections/meetings/records", nil).Status)
	assert.Empty(t, next.row(p.name)["error"])
}

// Of two copies the only whole one is never taken away.
func TestADamagedCopyNeverCostsTheWholeOne(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	hasFolder, hasArchive := s.signUp("folder@example.com"), s.signUp("archive@example.com")
	for _, p := range []person{hasFolder, hasArchive} {
		p.furnish()
		require.NoError(t, s.app.Databases.Archive(t.Context(), []string{p.name}, func(o userdb.Outcome) { require.Empty(t, o.Error) }))
	}
	whole, err := os.ReadFile(s.archive(hasFolder.name))
	require.NoError(t, err)
	require.Empty(t, s.restoreDatabase(hasFolder.name).Error)
	require.NoError(t, s.stop())
	require.NoError(t, os.WriteFile(s.archive(hasFolder.name), whole[:len(whole)/2], 0o600))
	s.edit("UPDATE user_databases SET status = 'archived' WHERE name = '" + hasFolder.name + "'")
	require.NoError(t, os.Mkdir(s.folder(hasArchive.name), 0o700))
	s.edit("UPDATE user_databases SET status = 'ready' WHERE name = '" + hasArchive.name + "'")

	next := start(t, options{dir: s.dir, sim: s.sim})
	assert.FileExists(t, s.folder(hasFolder.name)+"/data.db")
	assert.FileExists(t, s.archive(hasArchive.name))
	assert.Contains(t, next.row(hasFolder.name)["error"], "remove the archive")
	assert.Contains(t, next.row(hasArchive.name)["error"], "remove the folder")
	require.NoError(t, next.stop())

	require.NoError(t, os.Remove(s.archive(hasFolder.name)))
	require.NoError(t, os.Remove(s.folder(hasArchive.name)))
	last := start(t, options{dir: s.dir, sim: s.sim})
	for _, p := range []person{hasFolder, hasArchive} {
		back := last.signInAgain(p, userPassword)
		assert.Len(t, back.listOwn("meetings", ""), 1, p.email)
		assert.Empty(t, last.row(p.name)["error"], p.email)
	}
}
