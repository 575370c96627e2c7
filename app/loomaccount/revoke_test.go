package loomaccount_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const revocations = "/atlassian-auth/oauth/revoke"

var failingRevocations = simulator.Fault{Method: "POST", Path: revocations, Status: 503, Times: -1}

func countGrants(p apptest.Person, state string) (n int) {
	p.T.Helper()
	apptest.QueryRow(p.T, p.GlobalFile(), "SELECT COUNT(*) FROM loom_grants WHERE state = '"+state+"'", &n)
	return n
}

func disconnect(p apptest.Person, connection map[string]any) {
	p.T.Helper()
	require.Equal(p.T, 204, p.Own("DELETE", connectionsPath+"/"+connection["id"].(string), nil).Status)
}

func requireOutcome(t *testing.T) func(userdb.Outcome) {
	return func(o userdb.Outcome) { assert.Empty(t, o.Error) }
}

func TestGrantOfADeletedAccountIsRevokedAfterItIsGone(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{ClientSecrets: true}))
	other := p.SignUp("grace@example.com")
	signIn(other)
	signIn(p)
	assert.Equal(t, 2, countGrants(p, "used"))

	p.Simulator.Inject(simulator.Fault{Method: "POST", Path: revocations, Hold: make(chan struct{})})
	deleteAccount(p)
	require.NoError(t, p.App.Databases.Delete(t.Context(), []string{p.Name}, true, requireOutcome(t)), "it doesn't wait for Atlassian")
	require.NoError(t, p.Simulator.WaitRequests(t.Context(), "POST", revocations, 1))
	assert.Equal(t, 1, countGrants(p, "ending"), "it outlives the database and its keys")

	other = other.On(p.Restart())
	other.Eventually(func() bool { return countGrants(other, "ending") == 0 })
	assert.Equal(t, 1, other.Simulator.AtlassianStats().Revocations)
	assert.Equal(t, 1, countGrants(other, "used"))
	assert.Equal(t, "ready", details(checked(other))["state"])
}

func TestRestoredAccountIsStillConnected(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	signIn(p)
	deleteAccount(p)
	require.NoError(t, p.Stop())
	apptest.Execute(t, p.GlobalFile(), "UPDATE loom_grants SET state = 'unsure', changed = '2020-01-01 00:00:00.000Z'")
	p = p.On(p.Restart()) // which settles doubts
	require.NoError(t, p.App.Databases.Restore(t.Context(), []string{p.Name}, requireOutcome(t)))
	auth := p.SignIn(p.Email)
	require.Equal(t, 200, auth.Status, auth.Raw)
	p.Token, p.DatabaseURL, p.Session = auth.Text("token"), auth.Text("meta.database.url"), auth.Text("meta.database.token")
	require.Equal(t, 200, p.Own("POST", "/api/loom/check", nil).Status)
	assert.Equal(t, "ready", details(checked(p))["state"])
	p.App.LoomAccounts.RevokeGrantsLater()
	p.Eventually(func() bool { return countGrants(p, "used") == 1 })
	assert.Zero(t, p.Simulator.AtlassianStats().Revocations)

	deleteAccount(p)
	require.NoError(t, p.App.Databases.Delete(t.Context(), []string{p.Name}, true, requireOutcome(t)))
	p.Eventually(func() bool { return p.Simulator.AtlassianStats().Revocations == 1 })
}

// As after the import of another user's export.
func TestConnectionWithTheGrantOfAnotherUserDoesNotEndIt(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	other := p.SignUp("grace@example.com")
	signIn(p)
	var grant string
	apptest.QueryRow(t, p.GlobalFile(), "SELECT id FROM loom_grants", &grant)
	connection := signIn(other)
	require.NoError(t, p.Stop())
	executeSQL(t, other, "UPDATE connections SET secret = '', settings = json_set(settings, '$.grant', '"+grant+"') WHERE provider = 'loom'")
	p = p.On(p.Restart())
	other = other.On(p.Server)
	disconnect(other, connection)
	assert.Equal(t, 2, countGrants(p, "used"), "nothing has changed")
	assert.Zero(t, p.Simulator.AtlassianStats().Revocations)
}

func TestGrantsOfDeletedDatabasesAreRevoked(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(p apptest.Person){
		"open": func(apptest.Person) {},
		"archived": func(p apptest.Person) {
			p.Eventually(func() bool {
				return p.App.Databases.Archive(t.Context(), []string{p.Name}, func(userdb.Outcome) {}) == nil && p.RegistryRow(p.Name)["status"] == "archived"
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &clock{}
			p := start(t, withClock(withAtlassian(simulator.AtlassianBehaviour{}), c))
			signIn(p)
			c.advance(9 * time.Hour)
			transferTo(p, 1001, nil) // renews the token
			require.Equal(t, 1, p.Simulator.AtlassianStats().Refreshes)
			prepare(p)
			require.NoError(t, p.App.Databases.Delete(t.Context(), []string{p.Name}, true, requireOutcome(t)))
			p.Eventually(func() bool { return p.Simulator.AtlassianStats().Revocations == 1 && countGrants(p, "ending") == 0 })
			assert.Zero(t, p.Simulator.AtlassianStats().Grants)
		})
	}
}

func TestRevocationIsTriedAgainAfterARestart(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connection := signIn(p)
	p.Simulator.Inject(failingRevocations)
	disconnect(p, connection)
	lastAttempt(p, "")
	const anHourAgo = "UPDATE loom_grants SET tried = '2020-01-01 00:00:00.000Z'"
	require.NoError(t, p.Stop())
	apptest.Execute(t, p.GlobalFile(), anHourAgo)
	p = p.On(p.Restart())
	lastAttempt(p, "2020-01-01 00:00:00.000Z")
	require.NoError(t, p.Simulator.WaitRequests(t.Context(), "POST", revocations, 2))
	assert.Equal(t, 1, countGrants(p, "ending"))
	p.Simulator.ClearFaults()
	_, err := p.App.NonconcurrentDB().NewQuery(anHourAgo).Execute()
	require.NoError(t, err)
	p.App.LoomAccounts.RevokeGrantsLater() // as every hour
	p.Eventually(func() bool { return countGrants(p, "ending") == 0 })
	assert.Equal(t, 1, p.Simulator.AtlassianStats().Revocations)
	assert.Empty(t, p.ListOwn("notices", ""))
}

func TestFailedRevocationWaitsForItsHourAndHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	other := p.SignUp("grace@example.com")
	connections := []map[string]any{signIn(p), signIn(other)}
	p.Simulator.Inject(failingRevocations)
	disconnect(p, connections[0])
	lastAttempt(p, "")
	p.Simulator.ClearFaults()
	disconnect(other, connections[1])
	p.Eventually(func() bool { return countGrants(p, "ending") == 1 && p.Simulator.AtlassianStats().Revocations == 1 })
	p.App.LoomAccounts.RevokeGrantsLater()
	require.NoError(t, p.Stop())
	assert.Equal(t, 1, countGrants(p, "ending"), "the first one isn't tried again yet")
}

// lastAttempt waits for a failed revocation of the only grant other than an earlier one, and returns its time.
func lastAttempt(p apptest.Person, earlier string) (tried string) {
	p.T.Helper()
	p.Eventually(func() bool {
		apptest.QueryRow(p.T, p.GlobalFile(), "SELECT COALESCE(MAX(tried), '') FROM loom_grants WHERE state = 'ending'", &tried)
		return tried != "" && tried != earlier
	})
	return tried
}

func deleteAccount(p apptest.Person) {
	p.T.Helper()
	deleted := p.Call("DELETE", p.URL+"/api/collections/users/records/"+p.ID, p.SuperuserToken(), nil)
	require.Equal(p.T, 204, deleted.Status, deleted.Raw)
}

func TestOwnerLearnsOfAGrantThatStaysAlive(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault simulator.Fault
		after time.Duration
	}{
		"unreachable for days": {failingRevocations, 73 * time.Hour},
		"unknown registration": {simulator.Fault{Method: "POST", Path: revocations, Status: 401, Body: `{"error":"invalid_client"}`, Times: -1}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &clock{}
			p := start(t, withClock(withAtlassian(simulator.AtlassianBehaviour{}), c))
			connection := signIn(p)
			p.Simulator.Inject(test.fault)
			disconnect(p, connection)
			require.NoError(t, p.Simulator.WaitRequests(t.Context(), "POST", revocations, 1))
			if test.after > 0 {
				lastAttempt(p, "")
				c.advance(test.after)
				p.App.LoomAccounts.RevokeGrantsLater()
			}
			p.Eventually(func() bool { return countGrants(p, "ending") == 0 })
			notices := p.ListOwn("notices", "kind = 'connection_failed'")
			require.Len(t, notices, 1)
			assert.Contains(t, notices[0]["text"], "Remove it in your Atlassian account")
		})
	}
}

// As after a kill while a connection is changed.
func TestDoubtsAboutGrantsAreSettledAtTheStart(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	other := p.SignUp("grace@example.com")
	signIn(other)
	signIn(p)
	require.NoError(t, p.Stop())
	apptest.Execute(t, p.GlobalFile(), "UPDATE loom_grants SET state = 'unsure'")
	executeSQL(t, p, "DELETE FROM connections WHERE provider = 'loom'")
	p = p.On(p.Restart())
	other = other.On(p.Server)
	p.Eventually(func() bool { return p.Simulator.AtlassianStats().Revocations == 1 && countGrants(p, "used") == 1 })
	assert.Zero(t, countGrants(p, "unsure"))
	require.Equal(t, 200, other.Own("POST", "/api/loom/check", nil).Status)
	assert.Equal(t, "ready", details(checked(other))["state"])
}

// As with a connection that an earlier version has saved.
func TestGrantWithoutACopyIsRevoked(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connection := signIn(p)
	_, err := p.App.NonconcurrentDB().NewQuery("DELETE FROM loom_grants").Execute()
	require.NoError(t, err)
	disconnect(p, connection)
	p.Eventually(func() bool { return p.Simulator.AtlassianStats().Revocations == 1 })
}
