package userdb_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// Every state a crash can leave between a folder, an archive and a row, and what
// the next start makes of it. The data is there in all of them.
func TestWhatACrashLeavesOfAnArchive(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
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
	people := map[string]apptest.Person{}
	for name := range states {
		people[name] = s.SignUp("p" + string(rune('a'+len(people))) + "@example.com")
		people[name].CreateSamples()
	}
	before := map[string]string{}
	for name, p := range people {
		before[name] = p.Fingerprint()
		require.NoError(t, s.App.Databases.Archive(t.Context(), []string{p.Name}, func(o userdb.Outcome) { require.Empty(t, o.Error) }))
		archive, err := os.ReadFile(s.ArchivePath(p.Name))
		require.NoError(t, err)
		require.Empty(t, restoreDatabase(s, p.Name).Error)
		if !states[name].folder {
			require.NoError(t, os.RemoveAll(s.FolderPath(p.Name)))
		}
		if states[name].archive {
			require.NoError(t, os.WriteFile(s.ArchivePath(p.Name), archive, 0o600))
		}
	}
	require.NoError(t, s.Stop())
	for name, p := range people {
		edit(s, "UPDATE user_databases SET status = '"+states[name].status+"' WHERE name = '"+p.Name+"'")
	}
	for _, leftover := range []string{".new-x", ".trash-2020-01-01-001-x", ".archives/2020-01-01-001-x.tar.zst.new", ".archives/2020-01-01-001-x.tar.zst.tmp-12"} {
		require.NoError(t, os.WriteFile(filepath.Join(s.Dir, "user_dbs", leftover), []byte("half"), 0o600))
	}
	stranger := filepath.Join(s.Dir, "user_dbs", ".archives", "2020-01-01-001-stranger.tar.zst")
	require.NoError(t, os.WriteFile(stranger, []byte("somebody's"), 0o600))

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	assert.Empty(t, next.Leftovers())
	assert.FileExists(t, stranger, "what nobody knows is never deleted")
	assert.Contains(t, next.Log.String(), "2020-01-01-001-stranger")
	for name, p := range people {
		want := states[name]
		assert.Equal(t, want.wantStatus, next.RegistryRow(p.Name)["status"], name)
		_, err := os.Stat(next.FolderPath(p.Name))
		assert.Equal(t, want.wantFolder, err == nil, "%s: folder", name)
		_, err = os.Stat(next.ArchivePath(p.Name))
		assert.Equal(t, !want.wantFolder, err == nil, "%s: archive", name)
	}
	for name, p := range people {
		connection, err := next.App.Gateway.OpenSession(t.Context(), next.User(p.ID), next.Provision(p.ID))
		require.NoError(t, err, name)
		p.Server, p.DatabaseURL, p.Session = next, connection.URL, connection.Token
		assert.Equal(t, before[name], p.Fingerprint(), name)
	}
}

func TestMissingFoldersAreSaidInTheRegistry(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.NoError(t, s.Stop())
	require.NoError(t, os.Rename(s.FolderPath(p.Name), s.FolderPath("elsewhere")))
	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	assert.Contains(t, next.RegistryRow(p.Name)["error"], "missing")
	require.NoError(t, os.Rename(s.FolderPath("elsewhere"), s.FolderPath(p.Name)))
	p.Server, p.DatabaseURL = next, next.URL+"/db/"+p.Name
	require.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	assert.Empty(t, next.RegistryRow(p.Name)["error"])
}

// Of two copies the only whole one is never taken away.
func TestADamagedCopyNeverCostsTheWholeOne(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	hasFolder, hasArchive := s.SignUp("folder@example.com"), s.SignUp("archive@example.com")
	for _, p := range []apptest.Person{hasFolder, hasArchive} {
		p.CreateSamples()
		require.NoError(t, s.App.Databases.Archive(t.Context(), []string{p.Name}, func(o userdb.Outcome) { require.Empty(t, o.Error) }))
	}
	whole, err := os.ReadFile(s.ArchivePath(hasFolder.Name))
	require.NoError(t, err)
	require.Empty(t, restoreDatabase(s, hasFolder.Name).Error)
	require.NoError(t, s.Stop())
	require.NoError(t, os.WriteFile(s.ArchivePath(hasFolder.Name), whole[:len(whole)/2], 0o600))
	edit(s, "UPDATE user_databases SET status = 'archived' WHERE name = '"+hasFolder.Name+"'")
	require.NoError(t, os.Mkdir(s.FolderPath(hasArchive.Name), 0o700))
	edit(s, "UPDATE user_databases SET status = 'ready' WHERE name = '"+hasArchive.Name+"'")

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	assert.FileExists(t, s.FolderPath(hasFolder.Name)+"/data.db")
	assert.FileExists(t, s.ArchivePath(hasArchive.Name))
	assert.Contains(t, next.RegistryRow(hasFolder.Name)["error"], "remove the archive")
	assert.Contains(t, next.RegistryRow(hasArchive.Name)["error"], "remove the folder")
	require.NoError(t, next.Stop())

	require.NoError(t, os.Remove(s.ArchivePath(hasFolder.Name)))
	require.NoError(t, os.Remove(s.FolderPath(hasArchive.Name)))
	last := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	for _, p := range []apptest.Person{hasFolder, hasArchive} {
		back := last.SignInAgain(p, apptest.Password)
		assert.Len(t, back.ListOwn("meetings", ""), 1, p.Email)
		assert.Empty(t, last.RegistryRow(p.Name)["error"], p.Email)
	}
}
