package hooks_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFirstSignInProvisions(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	today := time.Now().UTC().Format(time.DateOnly)

	p := s.signUp("johndoe@example.com")
	assert.Equal(t, today+"-001-johndoe", p.name)
	assert.Equal(t, s.url+"/db/"+p.name, p.db)
	assert.NotEmpty(t, p.session)

	again := s.authenticate(p.email)
	assert.Equal(t, p.name, again.text("meta.database.name"))
	expires, err := time.Parse(time.RFC3339, again.text("meta.database.expires"))
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(time.Hour), expires, time.Minute)

	refreshed := s.call(http.MethodPost, s.url+"/api/collections/users/auth-refresh", p.token, nil)
	require.Equal(t, 200, refreshed.Status, refreshed.Raw)
	assert.Equal(t, p.name, refreshed.text("meta.database.name"))

	me := p.own(http.MethodGet, "/api/collections/users/records/"+p.id, nil)
	assert.Equal(t, 200, me.Status, me.Raw)
	assert.Equal(t, p.id, me.text("id"), "the owner record has the id of the global user")

	assert.Equal(t, today+"-002-jane", s.signUp("Jane@example.com").name)
}

func TestFilesOfADatabaseAreForItsProcessOnly(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	require.Equal(t, 200, p.own(http.MethodGet, "/api/collections/meetings/records", nil).Status)

	err := filepath.WalkDir(filepath.Join(s.dir, "user_dbs"), func(path string, entry os.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := entry.Info()
		require.NoError(t, err)
		assert.Zero(t, info.Mode().Perm()&0o077, "%s is open to others: %s", path, info.Mode())
		return nil
	})
	require.NoError(t, err)
}

func TestSignInsAtOnceMakeOneDatabase(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	require.Equal(t, 200, s.register("ada@example.com").Status)

	names := make([]string, 8)
	var wg sync.WaitGroup
	for i := range names {
		wg.Go(func() { names[i] = s.authenticate("ada@example.com").text("meta.database.name") })
	}
	wg.Wait()
	for _, name := range names {
		assert.Equal(t, names[0], name)
	}
	rows := s.call(http.MethodGet, s.url+"/api/collections/user_databases/records", s.superuser(), nil)
	assert.Len(t, rows.items(), 1)
	assert.Len(t, databaseFolders(t, s), 1)
}

func databaseFolders(t *testing.T, s *server) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(s.dir, "user_dbs"))
	require.NoError(t, err)
	var folders []string
	for _, entry := range entries {
		if entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") {
			folders = append(folders, entry.Name())
		}
	}
	return folders
}

func TestWeirdEmailsGetSafeNames(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
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
		p := s.signUp(email)
		assert.Equal(t, want, p.name[len("2006-01-02-001-"):], email)
		assert.Equal(t, 200, p.own(http.MethodGet, "/api/collections/meetings/records", nil).Status, email)
	}
}

func TestRenewSessionByRole(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")

	renewed := s.call(http.MethodPost, s.url+"/api/session", p.token, nil)
	require.Equal(t, 200, renewed.Status, renewed.Raw)
	assert.Equal(t, p.name, renewed.text("name"))
	assert.Equal(t, p.db, renewed.text("url"))
	assert.Equal(t, 200, s.call(http.MethodGet, p.db+"/api/collections/meetings/records", renewed.text("token"), nil).Status)

	assert.Equal(t, 401, s.call(http.MethodPost, s.url+"/api/session", "", nil).Status, "guest")
	assert.Equal(t, 401, s.call(http.MethodPost, s.url+"/api/session", p.session, nil).Status, "a session can't renew itself")
	assert.Equal(t, 403, s.call(http.MethodPost, s.url+"/api/session", s.superuser(), nil).Status, "superuser")
	assert.NotEqual(t, 200, s.call(http.MethodGet, s.url+"/api/session", p.token, nil).Status, "nothing happens on GET")
}

func TestEveryAuthCollectionOfEveryDatabaseHasItsOwnSecrets(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	seen := map[string]string{}
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		p := s.signUp(email)
		db, err := s.app.Databases.Acquire(t.Context(), p.name)
		require.NoError(t, err)
		collections, err := db.App.FindAllCollections("auth")
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(collections), 2)
		for _, c := range collections {
			for kind, secret := range map[string]string{
				"auth": c.AuthToken.Secret, "file": c.FileToken.Secret, "reset": c.PasswordResetToken.Secret,
				"email": c.EmailChangeToken.Secret, "verification": c.VerificationToken.Secret,
			} {
				where := p.name + "/" + c.Name + "/" + kind
				assert.Len(t, secret, 50, where)
				assert.Empty(t, seen[secret], "%s has the secret of %s", where, seen[secret])
				seen[secret] = where
			}
		}
		db.Release()
	}
	assert.Len(t, seen, 3*2*5)
}
