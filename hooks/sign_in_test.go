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

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestFirstSignInProvisions(t *testing.T) {
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

	me := p.Own(http.MethodGet, "/api/collections/users/records/"+p.ID, nil)
	assert.Equal(t, 200, me.Status, me.Raw)
	assert.Equal(t, p.ID, me.Text("id"), "the owner record has the id of the global user")

	assert.Equal(t, today+"-002-jane", s.SignUp("Jane@example.com").Name)
}

func TestFilesOfADatabaseAreForItsProcessOnly(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)

	err := filepath.WalkDir(filepath.Join(s.Dir, "user_dbs"), func(path string, entry os.DirEntry, err error) error {
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
	s := apptest.Start(t, apptest.Options{})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)

	names := make([]string, 8)
	var wg sync.WaitGroup
	for i := range names {
		wg.Go(func() { names[i] = s.SignIn("ada@example.com").Text("meta.database.name") })
	}
	wg.Wait()
	for _, name := range names {
		assert.Equal(t, names[0], name)
	}
	rows := s.Call(http.MethodGet, s.URL+"/api/collections/user_databases/records", s.SuperuserToken(), nil)
	assert.Len(t, rows.Items(), 1)
	assert.Len(t, s.DatabaseFolders(), 1)
}

func TestWeirdEmailsGetSafeNames(t *testing.T) {
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
		assert.Equal(t, want, p.Name[len("2006-01-02-001-"):], email)
		assert.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status, email)
	}
}

func TestRenewSessionByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")

	renewed := s.Call(http.MethodPost, s.URL+"/api/session", p.Token, nil)
	require.Equal(t, 200, renewed.Status, renewed.Raw)
	assert.Equal(t, p.Name, renewed.Text("name"))
	assert.Equal(t, p.DatabaseURL, renewed.Text("url"))
	assert.Equal(t, 200, s.Call(http.MethodGet, p.DatabaseURL+"/api/collections/meetings/records", renewed.Text("token"), nil).Status)

	assert.Equal(t, 401, s.Call(http.MethodPost, s.URL+"/api/session", "", nil).Status, "guest")
	assert.Equal(t, 401, s.Call(http.MethodPost, s.URL+"/api/session", p.Session, nil).Status, "a session can't renew itself")
	assert.Equal(t, 403, s.Call(http.MethodPost, s.URL+"/api/session", s.SuperuserToken(), nil).Status, "superuser")
	assert.NotEqual(t, 200, s.Call(http.MethodGet, s.URL+"/api/session", p.Token, nil).Status, "nothing happens on GET")
}

func TestEveryAuthCollectionOfEveryDatabaseHasItsOwnSecrets(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	seen := map[string]string{}
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		p := s.SignUp(email)
		db, err := s.App.Databases.Acquire(t.Context(), p.Name)
		require.NoError(t, err)
		collections, err := db.App.FindAllCollections("auth")
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(collections), 2)
		for _, c := range collections {
			for kind, secret := range map[string]string{
				"auth": c.AuthToken.Secret, "file": c.FileToken.Secret, "reset": c.PasswordResetToken.Secret,
				"email": c.EmailChangeToken.Secret, "verification": c.VerificationToken.Secret,
			} {
				where := p.Name + "/" + c.Name + "/" + kind
				assert.Len(t, secret, 50, where)
				assert.Empty(t, seen[secret], "%s has the secret of %s", where, seen[secret])
				seen[secret] = where
			}
		}
		db.Release()
	}
	assert.Len(t, seen, 3*2*5)
}
