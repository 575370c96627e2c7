package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const jobsPath = "/api/collections/global_queue/records"

// person registers, saves a key and syncs.
func (in *installation) person(t *testing.T, email, key string) account {
	t.Helper()
	require.NoError(t, in.register(email))
	who, err := in.signIn(email)
	require.NoError(t, err)
	status, _, err := call("POST", who.db+"/api/collections/connections/records", who.session, map[string]any{"provider": "fathom", "secret": key})
	require.NoError(t, err)
	require.Equal(t, 200, status)
	require.Equal(t, "completed", in.finish(t, who, in.enqueue(t, who, "fathom.sync", map[string]any{}))["status"])
	return who
}

// The server is killed again and again while it moves hundreds of recordings of
// several people. In the end each is there once, whole, and nothing is stuck.
func TestKillWhileHundredsOfJobsRun(t *testing.T) {
	t.Parallel()
	const people, recordings, kills, every = 18, 12, 20, 16 // Fathom lets one key ask 60 times a minute
	var keys []string
	for i := range people {
		keys = append(keys, fmt.Sprint("key-of-user-", i))
	}
	sim := startSimulator(t, simulator.Config{APIKeys: keys, Meetings: recordings, RecordingSize: 256 << 10, ProcessingPolls: 1})
	in := install(t, sim, "WORKER_CONCURRENCY=4", "LOG_LEVEL=warn")
	server := in.serve()
	var all []account
	for i, key := range keys {
		all = append(all, in.person(t, fmt.Sprintf("user%d@example.com", i), key))
	}
	meetings := sim.Meetings()
	require.Len(t, meetings, recordings)
	for _, who := range all {
		var requests []any
		for _, m := range meetings {
			requests = append(requests, map[string]any{"method": "POST", "url": jobsPath,
				"body": map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": m.RecordingID}}})
		}
		status, answer, _ := call("POST", in.url+"/api/batch", who.token, map[string]any{"requests": requests}) // a list is no object
		require.Equal(t, 200, status, answer)
	}
	fetched := func() (n int) {
		for _, request := range sim.Requests() {
			if strings.HasPrefix(request.Path, "/media/") {
				n++
			}
		}
		return n
	}
	for next := 0; next < kills; next++ {
		already := fetched()
		require.Eventually(t, func() bool { return fetched() >= already+1+rand.IntN(every)/2 }, 60*time.Second, 2*time.Millisecond)
		if next == kills/2 { // one at a time: a second one would take the jobs of the first for abandoned
			second := in.launch()
			require.Error(t, second.wait())
			assert.Contains(t, second.log.String(), "another fathom-to-loom is running")
		}
		server.kill()
		server = in.serve()
	}

	for _, who := range all {
		var left map[string]any
		require.Eventually(t, func() bool {
			status, page, err := call("GET", in.url+jobsPath+"?perPage=5&filter="+url.QueryEscape("kind='recording.transfer' && status!='completed'"), who.token, nil)
			left = page
			return err == nil && status == 200 && page["totalItems"] == 0.0
		}, 60*time.Second, 50*time.Millisecond, "a job is stuck: %v", &left)
		_, page, err := call("GET", who.db+"/api/collections/recordings/records?perPage=500", who.session, nil)
		require.NoError(t, err)
		items := page["items"].([]any)
		require.Len(t, items, recordings, "each recording is there once")
		for _, item := range items {
			recording := item.(map[string]any)
			truth, ok := sim.Meeting(int64(recording["recording_id"].(float64)))
			require.True(t, ok)
			assert.Equal(t, truth.SHA256, recording["sha256"])
		}
		_, page, err = call("GET", who.db+"/api/collections/transfers/records?perPage=500&filter="+url.QueryEscape("status='awaiting_share_url'"), who.session, nil)
		require.NoError(t, err)
		assert.EqualValues(t, recordings, page["totalItems"])
		stored, err := filepath.Glob(filepath.Join(in.dir, "user_dbs", who.name, "storage", "*", "*", "recording.mp4"))
		require.NoError(t, err)
		assert.Len(t, stored, recordings, "each file is stored once")
	}
	interrupted := 0.0
	for _, who := range all {
		_, page, err := call("GET", in.url+jobsPath+"?perPage=1&filter="+url.QueryEscape("attempts>1"), who.token, nil)
		require.NoError(t, err)
		interrupted += page["totalItems"].(float64)
	}
	t.Logf("%v of %d jobs were interrupted", interrupted, people*recordings)
	assert.Positive(t, interrupted)
}
