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
	deleted := p.Call("DELETE", p.URL+"/api/collections/users/records/"+p.ID, p.SuperuserToken(), nil)
	require.Equal(t, 204, deleted.Status, "it doesn't wait for Atlassian: %s", deleted.Raw)
	require.NoError(t, p.Simulator.WaitRequests(t.Context(), "POST", revocations, 1))
	require.NoError(t, p.App.Databases.Delete(t.Context(), []string{p.Name}, true, requireOutcome(t)))
	assert.Equal(t, 1, countGrants(p, "ending"), "it outlives the database and its keys")

	other = other.On(p.Restart())
	other.Eventually(func() bool { return countGrants(other, "ending") == 0 })
	assert.Equal(t, 1, other.Simulator.AtlassianStats().Revocations)
	assert.Equal(t, 1, countGrants(other, "used"))
	assert.Equal(t, "ready", details(checked(other))["state"])
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
			require.NoError(t, p.App.Databases.Delete(t.Context(), []string{p.Name}, false, requireOutcome(t)))
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
	require.NoError(t, p.Simulator.WaitRequests(t.Context(), "POST", revocations, 1))
	p = p.On(p.Restart())
	require.NoError(t, p.Simulator.WaitRequests(t.Context(), "POST", revocations, 2))
	assert.Equal(t, 1, countGrants(p, "ending"))
	p.Simulator.ClearFaults()
	p.App.LoomAccounts.RevokeGrantsLater() // as every hour
	p.Eventually(func() bool { return countGrants(p, "ending") == 0 })
	assert.Equal(t, 1, p.Simulator.AtlassianStats().Revocations)
	assert.Empty(t, p.ListOwn("notices", ""))
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
				assert.Equal(t, 1, countGrants(p, "ending"))
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
