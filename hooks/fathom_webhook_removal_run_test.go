package hooks_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// addRemoval records that a webhook is to be deleted with the key that a person has now, after an earlier attempt with it.
func addRemoval(p apptest.Person, endpoint, fathomID string, created time.Time) {
	p.T.Helper()
	_, err := p.App.NonconcurrentDB().NewQuery("INSERT INTO fathom_removals (endpoint, user, fathom_id, data_key, key, created)" +
		" VALUES ({:endpoint}, {:user}, {:fathom_id}, '', '', {:created})").Bind(dbx.Params{
		"endpoint": endpoint, "user": p.ID, "fathom_id": fathomID, "created": created.UTC().Format("2006-01-02 15:04:05.000Z"),
	}).Execute()
	require.NoError(p.T, err)
}

func removalsLeft(p apptest.Person) (endpoints string) {
	p.T.Helper()
	apptest.QueryRow(p.T, p.GlobalFile(), "SELECT COALESCE(GROUP_CONCAT(endpoint), '') FROM fathom_removals", &endpoints)
	return endpoints
}

func prune(p apptest.Person) {
	p.T.Helper()
	require.NoError(p.T, p.App.Transfers.PruneEndpoints(p.T.Context())) // as every hour
}

func TestRefusedRemovalIsTriedWithTheCurrentKeyAndReported(t *testing.T) {
	t.Parallel()
	for status, notices := range map[int]int{400: 1, 403: 1, 422: 1, 404: 0, 410: 0} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			p, hook := startWithWebhook(t, apptest.Options{})
			p.Simulator.Inject(simulator.Fault{Method: http.MethodDelete, Path: "/external/v1/webhooks/*", Status: status, Times: -1})
			savePreference(p, "webhook", false)
			require.NoError(t, p.Simulator.WaitRequests(t.Context(), "DELETE", "/external/v1/webhooks/*", 1+notices))
			p.Eventually(func() bool { return countRemovals(p) == 0 && countEndpoints(p, "active") == 0 })
			assert.Len(t, p.ListOwn("notices", "kind = 'webhook_lost'"), notices)
			assert.Equal(t, 404, p.Call(http.MethodPost, hook.URL, "", map[string]any{}).Status)
		})
	}
}

func TestHangingRemovalsDelayNoOther(t *testing.T) {
	t.Parallel()
	p, hook := startWithWebhook(t, apptest.Options{})
	p.Simulator.Inject(simulator.Fault{Method: http.MethodDelete, Path: "/external/v1/webhooks/hanging", Hold: make(chan struct{}), Times: -1})
	for _, endpoint := range []string{"1", "2", "3", "4"} { // of which a run tries three
		addRemoval(p, endpoint, "hanging", time.Now())
	}
	addRemoval(p, "5", hook.ID, time.Now())
	prune(p)
	prune(p) // the next run
	p.Eventually(func() bool { return removalsLeft(p) == "1,2,3,4" })
	assert.Empty(t, p.Simulator.Webhooks())
}

func TestRemovalThatCannotBeReportedDelaysNoOther(t *testing.T) {
	t.Parallel()
	p, hook := startWithWebhook(t, apptest.Options{})
	p.Simulator.Inject(simulator.Fault{Method: http.MethodDelete, Path: "/external/v1/webhooks/refused", Status: 403, Times: -1})
	db, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	rename := func(from, to string) {
		_, err := db.App.NonconcurrentDB().NewQuery("ALTER TABLE " + from + " RENAME TO " + to).Execute()
		require.NoError(t, err)
	}
	rename("notices", "unavailable")
	addRemoval(p, "1-refused", "refused", time.Now())
	addRemoval(p, "2-works", hook.ID, time.Now())
	prune(p)
	p.Eventually(func() bool { return removalsLeft(p) == "1-refused" })
	rename("unavailable", "notices")
	prune(p)
	p.Eventually(func() bool { return countRemovals(p) == 0 })
	assert.Len(t, p.ListOwn("notices", "kind = 'webhook_lost'"), 1)
}

// As after a kill between Fathom's answer and the end of the removal.
func TestRepeatedRemovalWithTheCurrentKeyIsNotReported(t *testing.T) {
	t.Parallel()
	p, _ := startWithWebhook(t, apptest.Options{SimulatorConfig: twoAccounts})
	p.Simulator.RevokeKey(simulator.DemoAPIKey)
	p.Simulator.Inject(simulator.Fault{Method: http.MethodDelete, Path: "/external/v1/webhooks/*", Status: 401})
	p.Simulator.Inject(simulator.Fault{Method: http.MethodDelete, Path: "/external/v1/webhooks/*", Hold: make(chan struct{})})
	replaceKey(p, otherKey)
	require.NoError(t, p.Simulator.WaitRequests(t.Context(), "DELETE", "/external/v1/webhooks/*", 2))
	p = p.On(p.Restart())
	p.Eventually(func() bool { return countRemovals(p) == 0 })
	assert.Empty(t, p.ListOwn("notices", "kind = 'webhook_lost'"))
}

func TestRemovalThatNeedsAnArchivedDatabaseWaits(t *testing.T) {
	t.Parallel()
	clock := &skewedClock{}
	p, hook := startWithWebhook(t, apptest.Options{Now: clock.Now})
	p.Eventually(func() bool {
		return p.App.Databases.Archive(t.Context(), []string{p.Name}, func(userdb.Outcome) {}) == nil && p.RegistryRow(p.Name)["status"] == "archived"
	})
	other := p.SignUp("grace@example.com")
	addRemoval(p, "1-archived", hook.ID, time.Now().Add(-100*time.Hour))
	addRemoval(other, "2-gone", "gone", time.Now()) // without a key
	prune(p)
	p.Eventually(func() bool { return removalsLeft(p) == "1-archived" })
	require.Equal(t, 200, p.SignIn("ada@example.com").Status)
	p.Eventually(func() bool { return p.RegistryRow(p.Name)["status"] == "ready" })
	prune(p)
	p.Eventually(func() bool { return countRemovals(p) == 0 && len(p.Simulator.Webhooks()) == 0 })
	assert.Empty(t, p.ListOwn("notices", "kind = 'webhook_lost'"))

	addRemoval(p, "3-forgotten", hook.ID, time.Now().Add(-31*24*time.Hour))
	prune(p)
	p.Eventually(func() bool { return countRemovals(p) == 0 })
}
