package hooks_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// accountState is everything of a person's that a restoration must bring back, as its owner and a superuser see it.
func accountState(p apptest.Person) map[string]any {
	p.T.Helper()
	state := map[string]any{}
	own := func(collection string) {
		list := p.Call(http.MethodGet, p.URL+"/api/collections/"+collection+"/records?perPage=200&sort=created,id", p.Token, nil)
		require.Equal(p.T, 200, list.Status, list.Raw)
		for _, item := range list.Items() { // what depends on the time of the request
			delete(item, "position")
		}
		state[collection] = list.Items()
	}
	own(migrations.JobSchedules)
	own(migrations.GlobalQueue)
	for _, collection := range []string{"connections", "meetings", "transfers", "preferences", "rules", "notices"} {
		state["own "+collection] = p.ListOwn(collection, "")
	}
	links, err := p.App.FindAllExternalAuthsByRecord(p.User(p.ID))
	require.NoError(p.T, err)
	for _, link := range links {
		state["sign in with "+link.Provider()] = link.ProviderId()
	}
	return state
}

func TestRestoredAccountHasEverythingThatWasTheirs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	other := s.SignUpWithMeetings("ben@example.com")
	post := func(path string, body map[string]any) apptest.Answer {
		t.Helper()
		created := p.Call(http.MethodPost, p.URL+path, p.Token, body)
		require.Equal(t, 200, created.Status, created.Raw)
		return created
	}
	const schedules = "/api/collections/job_schedules/records"
	enabled := post(schedules, map[string]any{"kind": "fathom.sync", "payload": map[string]any{}, "every": 86400})
	require.Equal(t, true, enabled.Get("enabled"))
	disabled := post(schedules, map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1007}, "every": 3600})
	changed := p.Call(http.MethodPatch, p.URL+schedules+"/"+disabled.Text("id"), p.Token, map[string]any{"enabled": false})
	require.Equal(t, 200, changed.Status, changed.Raw)
	later := time.Now().UTC().Add(time.Hour)
	waiting := post(apptest.JobsPath, map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1005}, "run_at": later})
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	savePreference(p, "my_emails", []string{"ada@example.com"})
	rule := p.Own(http.MethodPost, rulesPath, map[string]any{"name": "Acme", "enabled": true, "conditions": map[string]any{"domains": []string{"acme.com"}}})
	require.Equal(t, 200, rule.Status, rule.Raw)
	require.NoError(t, s.App.Queue.AddPause(t.Context(), queue.Pause{Kind: "recording.transfer", UserID: p.ID, Reason: "asked to"}))
	user := s.User(p.ID)
	user.Set("name", "Ada Lovelace")
	user.Set("emailVisibility", true)
	user.SetVerified(true)
	require.NoError(t, s.App.Save(user))
	for provider, id := range map[string]string{"google": "ada-at-google", "github": "ada-at-github"} {
		link := core.NewExternalAuth(s.App)
		link.SetCollectionRef(user.Collection().Id)
		link.SetRecordRef(user.Id)
		link.SetProvider(provider)
		link.SetProviderId(id)
		require.NoError(t, s.App.Save(link))
	}
	before, othersBefore := accountState(p), accountState(other)
	user = s.User(p.ID)

	deleted := p.Call(http.MethodDelete, p.URL+"/api/collections/users/records/"+p.ID, p.Token, nil)
	require.Equal(t, 204, deleted.Status, deleted.Raw)
	require.Equal(t, 400, s.SignIn(p.Email).Status)
	// In the meantime, somebody else links the account at GitHub.
	link := core.NewExternalAuth(s.App)
	link.SetCollectionRef(user.Collection().Id)
	link.SetRecordRef(other.ID)
	link.SetProvider("github")
	link.SetProviderId("ada-at-github")
	require.NoError(t, s.App.Save(link))
	othersBefore["sign in with github"] = "ada-at-github"
	delete(before, "sign in with github")

	require.NoError(t, s.App.Databases.Restore(t.Context(), []string{p.Name}, func(o userdb.Outcome) { assert.Empty(t, o.Error) }))
	refused := p.Call(http.MethodGet, p.URL+schedules, p.Token, nil)
	assert.Empty(t, refused.Items(), "earlier sessions stay invalid: %s", refused.Raw)
	signedIn := s.SignIn(p.Email)
	require.Equal(t, 200, signedIn.Status, signedIn.Raw)
	p.Token, p.Session = signedIn.Text("token"), signedIn.Text("meta.database.token")
	assert.Equal(t, before, accountState(p))
	assert.Equal(t, othersBefore, accountState(other))
	restored := s.User(p.ID)
	for _, field := range []string{"name", "emailVisibility", "verified", "created", "email"} {
		assert.Equal(t, user.Get(field), restored.Get(field), field)
	}
	assert.NotEqual(t, user.TokenKey(), restored.TokenKey())
	assert.True(t, s.App.Queue.PausedFor(p.ID).Has("recording.transfer"))
	assert.False(t, s.App.Queue.PausedFor(other.ID).Has("recording.transfer"))

	// What was restored works.
	require.NoError(t, s.App.Queue.Resume(t.Context(), "recording.transfer", p.ID))
	cancelled := p.Call(http.MethodPatch, p.URL+apptest.JobsPath+"/"+waiting.Text("id"), p.Token, map[string]any{"status": "cancelled"})
	require.Equal(t, 200, cancelled.Status, cancelled.Raw)
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1002}).Text("status"))
}

func TestNothingIsKeptOfAnAccountWhoseDatabaseIsDeleted(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	deleted := p.Call(http.MethodDelete, p.URL+"/api/collections/users/records/"+p.ID, p.Token, nil)
	require.Equal(t, 204, deleted.Status, deleted.Raw)
	kept := func() (rows int) {
		require.NoError(t, s.App.DB().Select("COUNT(*)").From(migrations.KeptRecords).Row(&rows))
		return rows
	}
	assert.Positive(t, kept())
	var secrets int
	require.NoError(t, s.App.DB().NewQuery("SELECT COUNT(*) FROM kept_records WHERE record LIKE '%tokenKey%' OR record LIKE '%$2a$%'").Row(&secrets))
	assert.Zero(t, secrets, "neither the token key nor the hash of the password")
	require.NoError(t, s.App.Databases.Delete(t.Context(), []string{p.Name}, true, func(o userdb.Outcome) { assert.Empty(t, o.Error) }))
	assert.Zero(t, kept())
}

// Operators may add fields to users, which new accounts must then have.
func TestAccountsAreRestoredIfUsersHaveRequiredAndUniqueFields(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, ben, former := s.SignUp("ada@example.com"), s.SignUp("ben@example.com"), s.SignUp("cleo@example.com")
	deleteAccount := func(p apptest.Person) {
		t.Helper()
		deleted := p.Call(http.MethodDelete, p.URL+"/api/collections/users/records/"+p.ID, p.Token, nil)
		require.Equal(t, 204, deleted.Status, deleted.Raw)
	}
	deleteAccount(former) // before the fields were added
	users, err := s.App.FindCollectionByNameOrId(migrations.Users)
	require.NoError(t, err)
	users.Fields.Add(&core.TextField{Name: "department"}, &core.NumberField{Name: "badge"})
	require.NoError(t, s.App.Save(users))
	for i, p := range []apptest.Person{ada, ben} {
		user := s.User(p.ID)
		user.Set("department", "engineering")
		user.Set("badge", 7+i)
		require.NoError(t, s.App.Save(user))
	}
	users.Fields.GetByName("department").(*core.TextField).Required = true
	users.Fields.GetByName("badge").(*core.NumberField).Required = true
	users.AddIndex("idx_users_badge", true, "badge", "")
	require.NoError(t, s.App.Save(users))
	deleteAccount(ada)

	for _, p := range []apptest.Person{ada, former} {
		require.NoError(t, s.App.Databases.Restore(t.Context(), []string{p.Name}, func(o userdb.Outcome) { assert.Empty(t, o.Error) }))
		require.Equal(t, 200, s.SignIn(p.Email).Status, p.Email)
	}
	assert.Equal(t, "engineering", s.User(ada.ID).GetString("department"))
	assert.Equal(t, 7, s.User(ada.ID).GetInt("badge"))
	assert.Empty(t, s.User(former.ID).GetString("department"), "nobody knows it")
}
