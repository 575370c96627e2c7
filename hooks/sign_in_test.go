package hooks_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

// ownerPart returns the part of a database's name that comes from the owner's address.
func ownerPart(t *testing.T, name string) string {
	t.Helper()
	require.Greater(t, len(name), len("2006-01-02-001-"), name)
	return name[len("2006-01-02-001-"):]
}

// databaseFiles describes everything below USER_DBS_DIR, except for the content of the spare database, once that has
// been created.
func databaseFiles(s *apptest.Server) (files []string) {
	s.T.Helper()
	s.Eventually(func() bool {
		spares, err := filepath.Glob(filepath.Join(s.Dir, "user_dbs", ".new-spare-*", "data.db"))
		require.NoError(s.T, err)
		return len(spares) == 1
	})
	err := filepath.WalkDir(filepath.Join(s.Dir, "user_dbs"), func(path string, entry os.DirEntry, err error) error {
		if entry != nil && strings.HasPrefix(entry.Name(), ".new-spare-") {
			return fs.SkipDir // it may still be being synced
		}
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			files = append(files, fmt.Sprint(path, info.Size(), info.ModTime()))
		}
		return err
	})
	require.NoError(s.T, err)
	return files
}

func TestSignUpWritesNothingForTheDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	before := databaseFiles(s)
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	created := s.Call(http.MethodPost, s.URL+"/api/collections/users/records", s.SuperuserToken(), map[string]any{
		"email": "grace@example.com", "password": apptest.Password, "passwordConfirm": apptest.Password,
	})
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, 400, s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-with-password", "", map[string]any{
		"identity": "ada@example.com", "password": "a-wrong-password",
	}).Status)
	assert.Equal(t, before, databaseFiles(s))
	assert.Empty(t, s.Call(http.MethodGet, s.URL+"/api/collections/user_databases/records", s.SuperuserToken(), nil).Items())

	polltest.Until(t, 200*time.Millisecond, func() bool { // the wrong password causes a pause
		return s.SignIn("ada@example.com").Status == 200
	}, "the pause doesn't end")
	assert.Len(t, s.DatabaseFolders(), 1)
}

// A client may have a token of an account whose database doesn't exist, for example because the operator deleted it.
func TestEveryRenewalProvisionsAMissingDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for path, field := range map[string]string{"/api/session": "name", "/api/collections/users/auth-refresh": "meta.database.name"} {
		user := dbtest.NewUser(t, s.App, strings.ReplaceAll(path, "/", "")+"@example.com")
		token, err := user.NewAuthToken()
		require.NoError(t, err)
		renewed := s.Call(http.MethodPost, s.URL+path, token, nil)
		require.Equal(t, 200, renewed.Status, renewed.Raw)
		assert.DirExists(t, s.FolderPath(renewed.Text(field)))
	}
}

func TestSignInReturnsTheUsersDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	today := time.Now().UTC().Format(time.DateOnly)

	p := s.SignUp("johndoe@example.com")
	assert.Equal(t, today+"-001-johndoe", p.Name)
	assert.Equal(t, s.URL+"/db/"+p.Name, p.DatabaseURL)
	assert.NotEmpty(t, p.Session)

	again := s.SignIn(p.Email)
	assert.Equal(t, p.Name, again.Text("meta.database.name"))
	expires, err := time.Parse(time.RFC3339, again.Text("meta.database.expires"))
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(time.Hour), expires, time.Minute)

	refreshed := s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-refresh", p.Token, nil)
	require.Equal(t, 200, refreshed.Status, refreshed.Raw)
	assert.Equal(t, p.Name, refreshed.Text("meta.database.name"))

	owner := p.Own(http.MethodGet, "/api/collections/users/records/"+p.ID, nil)
	assert.Equal(t, 200, owner.Status, owner.Raw)
	assert.Equal(t, p.ID, owner.Text("id"), "the owner's record must have the id of the global user")

	assert.Equal(t, today+"-002-jane", s.SignUp("Jane@example.com").Name)
}

func TestConcurrentSignInsShareOneDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)

	names := make([]string, 8)
	var clients sync.WaitGroup
	for i := range names {
		clients.Go(func() {
			auth, err := apptest.Send(http.MethodPost, s.URL+"/api/collections/users/auth-with-password", "", map[string]any{
				"identity": "ada@example.com", "password": apptest.Password,
			})
			assert.NoError(t, err)
			assert.Equal(t, 200, auth.Status, auth.Raw)
			names[i] = auth.Text("meta.database.name")
		})
	}
	clients.Wait()
	for _, name := range names {
		assert.NotEmpty(t, name)
		assert.Equal(t, names[0], name)
	}
	entries := s.Call(http.MethodGet, s.URL+"/api/collections/user_databases/records", s.SuperuserToken(), nil)
	assert.Len(t, entries.Items(), 1)
	assert.Len(t, s.DatabaseFolders(), 1)
}

func TestDatabaseNameIsSafeForAnyAddress(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for email, want := range map[string]string{
		`o'hara+fathom@example.com`:                         "oharafathom",
		"_._@example.com":                                   "user",
		strings.Repeat("x", 64) + "@example.com":            strings.Repeat("x", 40),
		"a.b-c_d@example.com":                               "a.b-c_d",
		"-rf@example.com":                                   "rf",
		"UPPER@EXAMPLE.COM":                                 "upper",
		"{dots}a/b@example.com":                             "dotsab",
		"con@" + strings.Repeat("sub.", 40) + "example.com": "con",
	} {
		p := s.SignUp(email)
		assert.Equal(t, want, ownerPart(t, p.Name), email)
		assert.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status, email)
	}
}
