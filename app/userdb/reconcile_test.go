package userdb_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func setStatus(s *apptest.Server, name, status string) {
	s.T.Helper()
	apptest.Execute(s.T, s.GlobalFile(), "UPDATE user_databases SET status = '"+status+"' WHERE name = '"+name+"'")
}

// Covers each combination of row, folder and archive that a crash or an operator can leave. The data
// survives all of them.
func TestReconcileAfterACrashDuringArchiving(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	type leftover struct {
		name            string
		status          string
		folder, archive bool
		wantStatus      string
		wantFolder      bool // otherwise the archive

		person apptest.Person
		before string // fingerprint
	}
	cases := []*leftover{
		{name: "packed, not recorded", status: "ready", folder: true, archive: true, wantStatus: "ready", wantFolder: true},
		{name: "packed and recorded, folder not removed", status: "archived", folder: true, archive: true, wantStatus: "archived"},
		{name: "archived", status: "archived", archive: true, wantStatus: "archived"},
		{name: "unpacked, not recorded", status: "archived", folder: true, archive: true, wantStatus: "archived"},
		{
			name: "unpacked and recorded, archive not removed", status: "ready", folder: true, archive: true,
			wantStatus: "ready", wantFolder: true,
		},
		{name: "ready", status: "ready", folder: true, wantStatus: "ready", wantFolder: true},
		{name: "row from an older backup", status: "ready", archive: true, wantStatus: "archived"},
		{name: "folder restored by hand", status: "archived", folder: true, wantStatus: "ready", wantFolder: true},
	}
	for i, c := range cases {
		c.person = s.SignUp(fmt.Sprintf("p%d@example.com", i))
		c.person.CreateSamples()
		c.before = c.person.Fingerprint()
		name := c.person.Name
		require.Empty(t, archiveDatabase(s, name))
		archive, err := os.ReadFile(s.ArchivePath(name))
		require.NoError(t, err)
		require.Empty(t, restoreDatabase(s, name))
		if !c.folder {
			require.NoError(t, os.RemoveAll(s.FolderPath(name)))
		}
		if c.archive {
			require.NoError(t, os.WriteFile(s.ArchivePath(name), archive, 0o600))
		}
	}
	require.NoError(t, s.Stop())
	for _, c := range cases {
		setStatus(s, c.person.Name, c.status)
	}
	for _, file := range []string{
		".new-x", ".trash-2020-01-01-001-x", ".archives/2020-01-01-001-x.tar.zst.new", ".archives/2020-01-01-001-x.tar.zst.tmp-12",
	} {
		require.NoError(t, os.WriteFile(s.FolderPath(file), []byte("incomplete"), 0o600))
	}
	unknown := s.ArchivePath("2020-01-01-001-unknown")
	require.NoError(t, os.WriteFile(unknown, []byte("of another installation"), 0o600))

	next := s.Restart()
	assert.Empty(t, next.Leftovers())
	assert.FileExists(t, unknown, "an archive without a row is not deleted")
	assert.Contains(t, next.Log.String(), "2020-01-01-001-unknown")
	for _, c := range cases {
		assert.Equal(t, c.wantStatus, next.RegistryRow(c.person.Name)["status"], c.name)
		if c.wantFolder {
			assert.DirExists(t, next.FolderPath(c.person.Name), c.name)
			assert.NoFileExists(t, next.ArchivePath(c.person.Name), c.name)
		} else {
			assert.NoDirExists(t, next.FolderPath(c.person.Name), c.name)
			assert.FileExists(t, next.ArchivePath(c.person.Name), c.name)
		}
	}
	for _, c := range cases {
		session, err := next.App.Gateway.OpenSession(t.Context(), next.User(c.person.ID), next.Provision(c.person.ID))
		require.NoError(t, err, c.name)
		p := c.person.On(next)
		p.Session = session.Token
		assert.Equal(t, session.URL, p.DatabaseURL, c.name)
		assert.Equal(t, c.before, p.Fingerprint(), c.name)
	}
}

func TestReconcileKeepsBothCopiesWhenOneIsDamaged(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	hasFolder, hasArchive := s.SignUp("folder@example.com"), s.SignUp("archive@example.com")
	for _, p := range []apptest.Person{hasFolder, hasArchive} {
		p.CreateSamples()
		require.Empty(t, archiveDatabase(s, p.Name))
	}
	archive, err := os.ReadFile(s.ArchivePath(hasFolder.Name))
	require.NoError(t, err)
	require.Empty(t, restoreDatabase(s, hasFolder.Name))
	require.NoError(t, s.Stop())
	require.NoError(t, os.WriteFile(s.ArchivePath(hasFolder.Name), archive[:len(archive)/2], 0o600))
	setStatus(s, hasFolder.Name, "archived")
	require.NoError(t, os.Mkdir(s.FolderPath(hasArchive.Name), 0o700))
	setStatus(s, hasArchive.Name, "ready")

	next := s.Restart()
	assert.FileExists(t, hasFolder.DataFile())
	assert.FileExists(t, s.ArchivePath(hasArchive.Name))
	assert.Contains(t, next.RegistryRow(hasFolder.Name)["error"], "remove the archive")
	assert.Contains(t, next.RegistryRow(hasArchive.Name)["error"], "remove the folder")
	require.NoError(t, next.Stop())

	require.NoError(t, os.Remove(s.ArchivePath(hasFolder.Name)))
	require.NoError(t, os.Remove(s.FolderPath(hasArchive.Name)))
	last := next.Restart()
	for _, p := range []apptest.Person{hasFolder, hasArchive} {
		back := last.SignInAgain(p, apptest.Password)
		assert.Len(t, back.ListOwn("meetings", ""), 1, p.Email)
		assert.Empty(t, last.RegistryRow(p.Name)["error"], p.Email)
	}
}

func TestReconcileFinishesInterruptedProvisioning(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	reserved, building := s.SignUp("reserved@example.com"), s.SignUp("building@example.com")
	built := s.SignUp("built@example.com")
	require.NoError(t, s.Stop())
	apptest.Execute(t, s.GlobalFile(), "UPDATE user_databases SET status = 'provisioning', schema_version = ''")
	require.NoError(t, os.RemoveAll(s.FolderPath(reserved.Name)))
	require.NoError(t, os.RemoveAll(s.FolderPath(building.Name)))
	scratch := s.FolderPath(".new-" + building.Name)
	require.NoError(t, os.Mkdir(scratch, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(scratch, "data.db"), []byte("incomplete"), 0o600))

	next := s.Restart()
	for _, p := range []apptest.Person{reserved, building, built} {
		assert.Equal(t, 200, listMeetings(p.On(next)), p.Email)
		assert.Equal(t, p.Name, next.SignIn(p.Email).Text("meta.database.name"))
	}
	assert.Len(t, next.DatabaseFolders(), 3)
	assert.Empty(t, next.Leftovers(), "the scratch folder is removed")
}

func TestRenamedFolderIsNeitherReplacedNorReused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	missing, other := s.SignUp("missing@example.com"), s.SignUp("other@example.com")
	require.NoError(t, s.Stop())
	today := time.Now().UTC().Format(time.DateOnly)
	renamed := today + "-003-new"
	require.NoError(t, os.Rename(s.FolderPath(missing.Name), s.FolderPath(renamed)))

	next := s.Restart()
	assert.Contains(t, next.Log.String(), "missing")
	assert.Contains(t, next.Log.String(), renamed)
	assert.Equal(t, 503, listMeetings(missing.On(next)))
	assert.NoDirExists(t, s.FolderPath(missing.Name), "an empty database must not replace the missing one")
	assert.Equal(t, 200, listMeetings(other.On(next)))

	assert.Equal(t, today+"-004-new", next.SignUp("new@example.com").Name, "the name of an existing folder is skipped")
}

func TestMissingFolderIsReportedUntilItIsRestored(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.NoError(t, s.Stop())
	require.NoError(t, os.Rename(s.FolderPath(p.Name), s.FolderPath("elsewhere")))
	next := s.Restart()
	assert.Contains(t, next.RegistryRow(p.Name)["error"], "missing")
	require.NoError(t, os.Rename(s.FolderPath("elsewhere"), s.FolderPath(p.Name)))
	require.Equal(t, 200, listMeetings(p.On(next)))
	assert.Empty(t, next.RegistryRow(p.Name)["error"])
}
