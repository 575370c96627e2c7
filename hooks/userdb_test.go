package hooks_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestOnlyTheServersAccountMayReadDatabaseFiles(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)

	err := filepath.WalkDir(filepath.Join(s.Dir, "user_dbs"), func(path string, entry os.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := entry.Info()
		require.NoError(t, err)
		assert.Zero(t, info.Mode().Perm()&0o077, "%s has mode %s", path, info.Mode())
		return nil
	})
	require.NoError(t, err)
}

func TestSigningSecretsAreUnique(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	seen := map[string]string{} // where a secret is used, by secret
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		p := s.SignUp(email)
		db, err := s.App.Databases.Acquire(t.Context(), p.Name)
		require.NoError(t, err)
		collections, err := db.App.FindAllCollections("auth")
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(collections), 2)
		for _, c := range collections {
			for token, secret := range map[string]string{
				"auth": c.AuthToken.Secret, "file": c.FileToken.Secret, "reset": c.PasswordResetToken.Secret,
				"email": c.EmailChangeToken.Secret, "verification": c.VerificationToken.Secret,
			} {
				use := p.Name + "/" + c.Name + "/" + token
				assert.Len(t, secret, 50, use)
				assert.Empty(t, seen[secret], "%s has the same secret as %s", use, seen[secret])
				seen[secret] = use
			}
		}
		db.Release()
	}
	assert.Len(t, seen, 3*2*5)
}
