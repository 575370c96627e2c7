package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// The server is killed again and again while it transfers recordings of several users. In the end each
// recording is stored exactly once and no job is stuck.
// Case C32: a crash loses no job and repeats no effect.
func TestKillsWhileManyJobsRunLoseNothing(t *testing.T) {
	t.Parallel()
	// Fathom answers 60 requests a minute for one key, which limits the recordings of a user.
	users, recordings, kills := testsize.Of(6, 18), testsize.Of(8, 12), testsize.Of(5, 20)
	maxDownloads := min(8, users*recordings/(kills+1)) // before each kill: jobs must be left for the last one
	random := testseed.New(t)
	gaps := make([]int, kills)
	for i := range gaps {
		gaps[i] = 1 + random.IntN(maxDownloads)
	}
	t.Logf("downloads before each kill: %v", gaps)

	var keys []string
	for i := range users {
		keys = append(keys, fmt.Sprint("key-of-user-", i))
	}
	sim := startSimulator(t, simulator.Config{APIKeys: keys, Meetings: recordings, RecordingSize: 256 << 10, ProcessingPolls: 1})
	in := install(t, sim, "WORKER_CONCURRENCY=4", "LOG_LEVEL=warn")
	server := in.serve()
	var accounts []account
	for i, key := range keys {
		accounts = append(accounts, in.newSyncedAccount(fmt.Sprintf("user%d@example.com", i), key))
	}
	meetings := sim.Meetings()
	require.Len(t, meetings, recordings)
	for _, who := range accounts {
		in.enqueueTransfers(who, meetings)
	}
	downloads := func() (n int) {
		for _, request := range sim.Requests() {
			if strings.HasPrefix(request.Path, "/media/") {
				n++
			}
		}
		return n
	}
	for i, gap := range gaps {
		target := downloads() + gap
		polltest.Until(t, 2*time.Millisecond, func() bool { return downloads() >= target }, "kill %d: no %d downloads", i, target)
		if i == kills/2 { // a second server would treat the jobs of the first as orphaned
			second := in.launch()
			require.Error(t, second.wait())
			assert.Contains(t, second.log.String(), "another fathom-to-loom is running")
		}
		server.kill()
		server = in.serve()
	}

	interrupted := 0.0
	for _, who := range accounts {
		in.requireEachTransferredOnce(who, sim)
		interrupted += in.countJobs(who, "attempts>1")
	}
	t.Logf("%v of %d jobs were interrupted", interrupted, users*recordings)
	assert.Positive(t, interrupted)
}

// enqueueTransfers creates a job for every meeting in one batch.
func (in *installation) enqueueTransfers(who account, meetings []simulator.Meeting) {
	in.t.Helper()
	var requests []object
	for _, m := range meetings {
		job := object{"kind": "recording.transfer", "payload": object{"recording_id": m.RecordingID}}
		requests = append(requests, object{"method": http.MethodPost, "url": jobsPath, "body": job})
	}
	var answers []struct{ Status int }
	status, err := call(http.MethodPost, in.url+"/api/batch", who.token, object{"requests": requests}, &answers)
	require.NoError(in.t, err)
	require.Equal(in.t, http.StatusOK, status)
	require.Len(in.t, answers, len(meetings))
}

// countJobs counts the user's jobs that match a filter.
func (in *installation) countJobs(who account, filter string) float64 {
	in.t.Helper()
	return in.mustCall(http.MethodGet, in.url+jobsPath+"?perPage=1&filter="+url.QueryEscape(filter), who.token, nil)["totalItems"].(float64)
}

// requireEachTransferredOnce waits until all transfers of a user have ended and compares the recordings
// with those of the simulator.
func (in *installation) requireEachTransferredOnce(who account, sim *simulator.Server) {
	in.t.Helper()
	polltest.Until(in.t, 50*time.Millisecond, func() bool {
		return in.countJobs(who, "kind='recording.transfer' && status!='completed'") == 0
	}, "a job of %s is stuck", who.name)
	want := len(sim.Meetings())
	recordings := in.records(who, "recordings", "")
	require.Len(in.t, recordings, want, "each recording is stored once")
	for _, item := range recordings {
		recording := item.(object)
		truth, ok := sim.Meeting(int64(recording["recording_id"].(float64)))
		require.True(in.t, ok)
		assert.Equal(in.t, truth.SHA256, recording["sha256"])
	}
	assert.Len(in.t, in.records(who, "transfers", "status='awaiting_share_url'"), want)
	stored, err := filepath.Glob(filepath.Join(in.dir, "user_dbs", who.name, "storage", "*", "*", "recording.mp4"))
	require.NoError(in.t, err)
	assert.Len(in.t, stored, want, "each file is stored once")
}
