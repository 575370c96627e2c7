package account_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// backdate sets the time at which accounts were created; without addresses, that of all accounts.
func backdate(s *apptest.Server, before time.Duration, emails ...any) {
	s.T.Helper()
	stamp, err := types.ParseDateTime(time.Now().Add(-before))
	require.NoError(s.T, err)
	_, err = s.App.NonconcurrentDB().Update("users", dbx.Params{"created": stamp.String()}, dbx.In("email", emails...)).Execute()
	require.NoError(s.T, err)
}

// addresses returns the addresses of all accounts.
func addresses(s *apptest.Server) (emails []string) {
	s.T.Helper()
	require.NoError(s.T, s.App.ConcurrentDB().Select("email").From("users").OrderBy("email").Column(&emails))
	return emails
}

func createAsSuperuser(s *apptest.Server, collection string, fields map[string]any) {
	s.T.Helper()
	created := s.Call(http.MethodPost, s.URL+"/api/collections/"+collection+"/records", s.SuperuserToken(), fields)
	require.Equal(s.T, 200, created.Status, created.Raw)
}

func TestUnusedAccountsAreRemoved(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"UNUSED_ACCOUNTS_DELETE_AFTER=10d"}})
	for _, email := range []string{"old@example.com", "older@example.com", "young@example.com"} {
		require.Equal(t, 200, s.SignUpOnly(email).Status)
	}
	used, withoutDatabase := s.SignUp("used@example.com"), s.SignUp("without-database@example.com")
	createAsSuperuser(s, "users", map[string]any{
		"email": "made-by-superuser@example.com", "password": apptest.Password, "passwordConfirm": apptest.Password,
	})
	// The registry forgets a database that was deleted permanently, but its user has signed in before.
	require.NoError(t, s.App.Databases.Delete(t.Context(), []string{withoutDatabase.Name}, true, func(userdb.Outcome) {}))
	backdate(s, 11*24*time.Hour, "old@example.com", used.Email, withoutDatabase.Email, "made-by-superuser@example.com")
	backdate(s, 400*24*time.Hour, "older@example.com")
	backdate(s, 9*24*time.Hour, "young@example.com")

	require.Equal(t, 204, s.Call(http.MethodPost, s.URL+"/api/crons/unusedAccounts", s.SuperuserToken(), nil).Status)
	kept := []string{"made-by-superuser@example.com", used.Email, withoutDatabase.Email, "young@example.com"}
	s.Eventually(func() bool { return len(addresses(s)) <= len(kept) })
	assert.Equal(t, kept, addresses(s))
	s.Eventually(func() bool { return strings.Contains(s.Log.String(), "removed accounts that never signed in") })
	assert.Contains(t, s.Log.String(), "accounts=2")
	assert.NotContains(t, s.Log.String(), "old@example.com")
	assert.Equal(t, 400, s.SignIn("old@example.com").Status)
	assert.Equal(t, 200, s.SignUpOnly("old@example.com").Status, "the address is free again")
	assert.Equal(t, 200, used.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
}

func TestManyUnusedAccountsAreRemovedInBatches(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	const accounts = 450
	s.CreateUsers(accounts)
	_, err := s.App.NonconcurrentDB().NewQuery("UPDATE users SET unused = TRUE, created = '2020-01-01 00:00:00.000Z'").Execute()
	require.NoError(t, err)
	// The first batch can't be deleted entirely.
	_, err = s.App.NonconcurrentDB().NewQuery("CREATE TRIGGER keep BEFORE DELETE ON users WHEN OLD.id = 'bench0000000007' BEGIN SELECT RAISE(ABORT, 'kept'); END").Execute()
	require.NoError(t, err)
	require.NoError(t, s.App.Accounts.RemoveUnused(t.Context()))
	assert.Equal(t, []string{"bench0000000007@example.com"}, addresses(s))
	assert.Contains(t, s.Log.String(), "accounts=449")
	assert.Contains(t, s.Log.String(), "failed to remove unused account")
}

func TestInvitedAndUnlimitedAccountsAreKept(t *testing.T) {
	t.Parallel()
	invited := apptest.Start(t, apptest.Options{Settings: []string{"SIGNUP=invite"}})
	createAsSuperuser(invited, "invitations", map[string]any{"email": "ada@example.com"})
	forever := apptest.Start(t, apptest.Options{Settings: []string{"UNUSED_ACCOUNTS_DELETE_AFTER=0"}})
	for _, s := range []*apptest.Server{invited, forever} {
		require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
		backdate(s, 1000*24*time.Hour, "ada@example.com")
		require.NoError(t, s.App.Accounts.RemoveUnused(t.Context()))
		assert.Equal(t, []string{"ada@example.com"}, addresses(s))
	}
}
