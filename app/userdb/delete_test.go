package userdb_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

func TestDeletedAccountIsRestoredWithItsData(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	before := p.ListOwn("meetings", "")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("meetings/*")).Status)

	deleteAccount(p)
	assert.True(t, stream.Ended(), "the stream ends with the account")
	assert.Equal(t, 401, listMeetings(p))
	assert.Equal(t, 400, s.SignIn(p.Email).Status)
	row := s.RegistryRow(p.Name)
	assert.Equal(t, "deleting", row["status"])
	due, err := types.ParseDateTime(row["delete_after"])
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(7*24*time.Hour), due.Time(), time.Minute)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.DirExists(t, s.FolderPath(p.Name), "the grace period has not ended")

	assert.Empty(t, restoreDatabase(s, p.Email))
	assert.Equal(t, 401, listMeetings(p), "earlier sessions stay invalid")
	var back apptest.Answer
	polltest.Until(t, 200*time.Millisecond, func() bool { // the failed sign-in above causes a pause
		back = s.SignIn(p.Email)
		return back.Status != 429
	}, "the pause doesn't end")
	require.Equal(t, 200, back.Status, back.Raw)
	assert.Equal(t, p.ID, back.Text("record.id"))
	assert.Equal(t, p.Name, back.Text("meta.database.name"))
	p.Session = back.Text("meta.database.token")
	assert.Equal(t, before, p.ListOwn("meetings", ""))
	restored, err := s.App.FindFirstRecordByData("user_databases", "name", p.Name)
	require.NoError(t, err)
	assert.Contains(t, []string{"", "null"}, restored.GetString("owner"), "the copy of the account is removed from the row")
}

func TestDeletedAccountsDataIsRemovedAfterTheGracePeriod(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_DELETE_GRACE=1d"}})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	p.CreateSamples()
	deleteAccount(p)
	assert.NotEmpty(t, s.FilesContaining(p.Marker()))

	successor := s.SignUp(p.Email)
	assert.NotEqual(t, p.Name, successor.Name, "a new account with the same e-mail address gets a new database")
	assert.Contains(t, restoreDatabase(s, p.Name), "another account")

	s.Backdate(p.Name, "delete_after", time.Second)
	runCron(s, "userDatabaseRetention")
	s.Eventually(func() bool { return s.RegistryRow(p.Name) == nil })
	assert.NoDirExists(t, s.FolderPath(p.Name))
	assert.Empty(t, s.FilesContaining(p.Marker()), "no file contains data of the deleted user")
	assert.Equal(t, 200, listMeetings(other))
	assert.Equal(t, 200, listMeetings(successor))
}

func TestRestoreSaysWhichAccountIsInTheWay(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	deleteAccount(p)

	sameAddress := s.SignUp("ADA@example.com")
	assert.Contains(t, restoreDatabase(s, p.Name), "another account ("+sameAddress.ID+")")
	deleteAccount(sameAddress)

	// Earlier versions let clients choose the ids of their accounts.
	sameID := dbtest.NewUser(t, s.App, "grace@example.com")
	changeID := "UPDATE users SET id = '" + p.ID + "' WHERE id = '" + sameID.Id + "'"
	_, err := s.App.NonconcurrentDB().NewQuery(changeID).Execute()
	require.NoError(t, err)
	refused := restoreDatabase(s, p.Name)
	assert.Contains(t, refused, "another account (grace@example.com)")
	assert.Contains(t, refused, p.ID)
	require.NoError(t, s.App.Delete(s.User(p.ID)))

	assert.Empty(t, restoreDatabase(s, p.Name))
	assert.Equal(t, p.ID, s.SignIn("ada@example.com").Text("record.id"))
}

func TestCommandsIgnoreTheCaseOfTheOwnersAddress(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, lower, upper := s.SignUp("Ada@example.com"), s.SignUp("grace@example.com"), s.SignUp("temporary@example.com")
	changeEmail := "UPDATE users SET email = 'Grace@example.com' WHERE id = '" + upper.ID + "'"
	_, err := s.App.NonconcurrentDB().NewQuery(changeEmail).Execute()
	require.NoError(t, err)
	for address, want := range map[string]string{
		"ADA@EXAMPLE.COM": ada.Name, "Ada@example.com": ada.Name,
		"grace@example.com": lower.Name, "Grace@example.com": upper.Name,
	} {
		found, err := s.App.Databases.Show(t.Context(), address)
		require.NoError(t, err, address)
		assert.Equal(t, want, found.Name, address)
	}
	_, err = s.App.Databases.Show(t.Context(), "GRACE@example.com")
	assert.ErrorContains(t, err, "matches 2 databases")
	deleteAccount(ada)
	assert.Empty(t, restoreDatabase(s, "ada@EXAMPLE.com"), "the address of a deleted account")
}

// The deletion hits the archiving at a different step in each round.
func TestDeletionDuringArchivingTakesEffect(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for i := range 8 {
		p := s.SignUp(fmt.Sprintf("p%d@example.com", i))
		p.CreateSamples()
		archived := make(chan error, 1)
		go func() {
			archived <- s.App.Databases.Archive(t.Context(), []string{p.Name}, func(userdb.Outcome) {})
		}()
		deleteAccount(p)
		assert.NoError(t, <-archived)
		assert.Equal(t, "deleting", s.RegistryRow(p.Name)["status"])
		require.Empty(t, restoreDatabase(s, p.Name))
		assert.Len(t, s.SignInAgain(p, apptest.Password).ListOwn("meetings", ""), 1)
	}
}

func TestOperatorDeletesAndRestoresDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	before := p.Fingerprint()
	deleteDatabase := func(immediately bool) string {
		return reportedError(t, func(report func(userdb.Outcome)) error {
			return s.App.Databases.Delete(t.Context(), []string{p.Email}, immediately, report)
		})
	}
	assert.Empty(t, deleteDatabase(false))
	assert.Equal(t, 401, listMeetings(p))
	refused := s.SignIn(p.Email)
	assert.Equal(t, 403, refused.Status)
	assert.Contains(t, refused.Text("message"), "Contact the operator")

	assert.Empty(t, restoreDatabase(s, p.Email))
	assert.Equal(t, before, s.SignInAgain(p, apptest.Password).Fingerprint(), "the account is unchanged")
	assert.Contains(t, restoreDatabase(s, p.Email), "nothing to restore")

	assert.Empty(t, deleteDatabase(true))
	assert.NoDirExists(t, s.FolderPath(p.Name))
	assert.Nil(t, s.RegistryRow(p.Name))
	assert.Equal(t, 200, s.SignIn(p.Email).Status, "the user gets a new database")
	assert.Error(t, s.App.Databases.Delete(t.Context(), []string{"nobody@example.com"}, false, nil))
	assert.Error(t, s.App.Databases.Delete(t.Context(), nil, true, nil), "an empty list does not mean all databases")
}
