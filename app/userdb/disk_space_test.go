package userdb_test

import (
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// startOnDisk starts a server on a disk whose free space, in bytes, the test sets.
func startOnDisk(t *testing.T) (*apptest.Server, *atomic.Int64) {
	t.Helper()
	free := &atomic.Int64{}
	free.Store(1 << 40)
	s := apptest.Start(t, apptest.Options{Prepare: func(s *apptest.Server) {
		s.App.FreeSpace = func(string) (int64, error) { return free.Load(), nil }
	}})
	return s, free
}

func TestNoDatabaseIsProvisionedOnAFullDisk(t *testing.T) {
	t.Parallel()
	s, free := startOnDisk(t)
	p := s.SignUp("ada@example.com")
	folders := s.DatabaseFolders()
	free.Store(ledger.DefaultReserve)
	require.Equal(t, 200, s.SignUpOnly("bob@example.com").Status)
	refused := s.SignIn("bob@example.com")
	assert.Equal(t, http.StatusInsufficientStorage, refused.Status, refused.Raw)
	assert.Contains(t, refused.Text("message"), "disk is full")
	assert.Contains(t, s.Log.String(), "too little disk space")
	assert.Equal(t, folders, s.DatabaseFolders())
	assert.Empty(t, s.Leftovers())
	assert.Equal(t, 200, s.SignIn(p.Email).Status, "existing users sign in")
	assert.Equal(t, 200, listMeetings(p), "existing data can be read")

	write := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "one"})
	assert.Equal(t, http.StatusInsufficientStorage, write.Status, write.Raw)
	assert.Contains(t, write.Text("message"), "disk is full")

	free.Store(1 << 40)
	assert.Equal(t, 200, s.SignIn("bob@example.com").Status, "the next sign-in provisions the database")
	assert.Equal(t, 200, p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "one"}).Status)
}

func TestTemporaryCopiesAreRefusedOnAFullDisk(t *testing.T) {
	t.Parallel()
	s, free := startOnDisk(t)
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	before := p.Fingerprint()
	run := func(operation func(names []string, report func(userdb.Outcome)) error) string {
		t.Helper()
		var outcome userdb.Outcome
		require.NoError(t, operation([]string{p.Name}, func(o userdb.Outcome) { outcome = o }))
		return outcome.Error
	}
	archive := func(names []string, report func(userdb.Outcome)) error {
		return s.App.Databases.Archive(t.Context(), names, report)
	}
	restore := func(names []string, report func(userdb.Outcome)) error {
		return s.App.Databases.Restore(t.Context(), names, report)
	}

	free.Store(16<<20 + 50_000) // exports may use most of the reserve
	export := p.Call("GET", p.DatabaseURL+p.Own("POST", "/api/export", nil).Text("path"), "", nil)
	assert.Equal(t, http.StatusInsufficientStorage, export.Status, export.Raw)
	assert.Contains(t, run(archive), "too little disk space")
	assert.Empty(t, s.Leftovers())
	assert.NoFileExists(t, s.ArchivePath(p.Name))
	assert.Equal(t, before, p.Fingerprint(), "the database is unchanged")

	free.Store(1 << 40)
	require.Empty(t, run(archive))
	free.Store(ledger.DefaultReserve + 50_000)
	assert.Contains(t, run(restore), "too little disk space")
	assert.Equal(t, http.StatusInsufficientStorage, s.SignIn(p.Email).Status)
	assert.Empty(t, s.Leftovers())
	assert.FileExists(t, s.ArchivePath(p.Name))
	_, err := os.Stat(filepath.Join(s.FolderPath(p.Name), "data.db"))
	require.ErrorIs(t, err, os.ErrNotExist)

	free.Store(1 << 40)
	assert.Equal(t, before, s.SignInAgain(p, apptest.Password).Fingerprint())
}
