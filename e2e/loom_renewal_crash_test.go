package e2e

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// A refresh token is good for one use, and using it again ends the grant.
func TestUsersOfAnExpiredTokenRenewItOnce(t *testing.T) {
	t.Parallel()
	sim, in := startAtlassian(t, simulator.Config{}, simulator.AtlassianBehaviour{ClientSecrets: true})
	in.serve()
	who := in.newDemoAccount()
	in.signInToLoom(who, sim)
	sim.ExpireAtlassianAccess()
	release := make(chan struct{})
	sim.Inject(simulator.Fault{Path: tokenPath, Hold: release})
	before := tokenRequests(t, sim)
	job := in.transfer(who, 1001)
	folders := in.listFolders(who, 3)
	in.requireTokenRequests(sim, before+1)
	close(release)
	for _, status := range folders() {
		assert.Equal(t, http.StatusOK, status)
	}
	in.requireCompleted(who, job)
	in.requireOnLoom(sim, delivery{who, 1001})
	stats := sim.AtlassianStats()
	assert.Equal(t, 1, stats.Refreshes)
	assert.Zero(t, stats.ReusedRefresh)
	assert.Equal(t, 1, stats.Grants)
}

func TestGrantSurvivesKillsBeforeARenewalAndAfterItsSave(t *testing.T) {
	t.Parallel()
	sim, in := startAtlassian(t, simulator.Config{}, simulator.AtlassianBehaviour{})
	server := in.serve()
	who := in.newDemoAccount()
	in.signInToLoom(who, sim)
	for i, step := range []struct {
		name string
		hold func(<-chan struct{})
	}{
		{"before the renewal", func(released <-chan struct{}) {
			sim.Inject(simulator.Fault{Path: tokenPath, Hold: released})
		}},
		{"first use of the new token", func(released <-chan struct{}) { // requests with the expired token have no faults
			sim.InjectAtlassian(simulator.AtlassianFault{Hold: released})
		}},
	} {
		recordingID := 1001 + i
		sim.ExpireAtlassianAccess()
		step.hold(make(chan struct{})) // until the client is killed
		requests, refreshes := tokenRequests(t, sim), sim.AtlassianStats().Refreshes
		job := in.transfer(who, recordingID)
		in.requireTokenRequests(sim, requests+1)
		if i == 1 {
			polltest.Until(t, 2*time.Millisecond, func() bool { return usesAfterRenewal(sim) > 0 }, "the new token was not used")
		}
		server.kill()
		sim.ClearFaults()
		server = in.serve()
		in.requireCompleted(who, job)
		assert.Equal(t, "delivered", in.transferOf(who, recordingID)["status"], step.name)
		stats := sim.AtlassianStats()
		assert.Equal(t, refreshes+1, stats.Refreshes, step.name)
		assert.Zero(t, stats.ReusedRefresh, step.name)
	}
	in.requireLoomState(who, "ready")
	in.requireOnLoom(sim, delivery{who, 1001}, delivery{who, 1002})
}

// Nobody has the new token after this kill. Its owner is asked to connect again, once.
func TestKillBetweenARenewalAndItsSaveAsksForANewSignIn(t *testing.T) {
	t.Parallel()
	sim, in := startAtlassian(t, simulator.Config{}, simulator.AtlassianBehaviour{})
	server := in.serve()
	who := in.newDemoAccount()
	in.signInToLoom(who, sim)
	sim.ExpireAtlassianAccess()
	sim.Inject(simulator.Fault{Path: tokenPath, HoldAfter: 1, Hold: make(chan struct{})}) // until the client is killed
	before := tokenRequests(t, sim)
	job := in.transfer(who, 1001)
	folders := in.listFolders(who, 2)
	polltest.Until(t, 2*time.Millisecond, func() bool { return sim.AtlassianStats().Refreshes == 1 }, "the token was not renewed")
	require.Equal(t, before+1, tokenRequests(t, sim), "of the users at the same time, one renews it")
	server.kill()
	folders()
	in.serve()
	in.requireCompleted(who, job)
	transfer := in.transferOf(who, 1001)
	assert.Equal(t, "awaiting_share_url", transfer["status"], "the recording isn't lost: %v", transfer)
	assert.Contains(t, transfer["note"], "onnect", transfer)
	in.requireLoomState(who, "reconnect")
	assert.Equal(t, 1, sim.AtlassianStats().Refreshes)

	afterRestart := tokenRequests(t, sim)
	assert.LessOrEqual(t, afterRestart, before+2, "the lost token is tried once")
	in.requireCompleted(who, in.transfer(who, 1002))
	assert.Equal(t, "awaiting_share_url", in.transferOf(who, 1002)["status"])
	assert.Equal(t, afterRestart, tokenRequests(t, sim), "a connection that needs its owner isn't tried")

	in.signInToLoom(who, sim)
	in.requireCompleted(who, in.transfer(who, 1001))
	in.requireCompleted(who, in.transfer(who, 1002))
	in.requireOnLoom(sim, delivery{who, 1001}, delivery{who, 1002})
}

// listFolders starts requests that use the connection to Loom. The function that it returns waits for their statuses, which
// are 0 without an answer.
func (in *installation) listFolders(who account, requests int) (wait func() []int) {
	statuses := make([]int, requests)
	var running sync.WaitGroup
	for i := range statuses {
		running.Go(func() {
			var answer object
			statuses[i], _ = call(http.MethodGet, who.database+"/api/loom/folders", who.session, nil, &answer)
		})
	}
	return func() []int {
		running.Wait()
		return statuses
	}
}

func tokenRequests(t *testing.T, sim *simulator.Server) int {
	t.Helper()
	count, err := simulator.CountRequests(sim.Requests(), http.MethodPost, tokenPath)
	require.NoError(t, err)
	return count
}

// requireTokenRequests waits for so many requests for tokens.
func (in *installation) requireTokenRequests(sim *simulator.Server, count int) {
	in.t.Helper()
	require.NoError(in.t, sim.WaitRequests(in.t.Context(), http.MethodPost, tokenPath, count))
}

// usesAfterRenewal returns how many requests have arrived at the MCP server since the last one for a token.
func usesAfterRenewal(sim *simulator.Server) (count int) {
	for _, request := range sim.Requests() {
		switch request.Path {
		case tokenPath:
			count = 0
		case "/v2/mcp":
			count++
		}
	}
	return count
}
