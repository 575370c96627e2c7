package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestSyncContinuesAfterEveryKill(t *testing.T) {
	t.Parallel()
	const meetings, kills = 120, 3
	sim := startSimulator(t, simulator.Config{Meetings: meetings})
	in := install(t, sim)
	server := in.serve()
	who := in.newAccount("ada@example.com")
	in.mustCall(http.MethodPost, who.recordsURL("connections"), who.session, object{"provider": "fathom", "secret": simulator.DemoAPIKey})
	pages := func() (n int) {
		for _, request := range sim.Requests() {
			if request.Path == "/external/v1/meetings" && request.Status == 200 && request.Query.Get("include_highlights") == "true" {
				n++
			}
		}
		return n
	}
	sim.Inject(simulator.Fault{Path: "/external/v1/meetings", Delay: 50 * time.Millisecond, Times: -1})
	job := in.enqueue(who, "fathom.sync", object{})
	for kill := range kills {
		wanted := 3 * (kill + 1)
		polltest.Until(t, time.Millisecond, func() bool { return pages() >= wanted }, "the sync did not read %d pages", wanted)
		server.kill()
		server = in.serve()
	}
	in.requireCompleted(who, job)
	list := in.mustCall(http.MethodGet, who.recordsURL("meetings")+"?perPage=1", who.session, nil)
	require.EqualValues(t, meetings, list["totalItems"])
	assert.LessOrEqual(t, pages(), meetings/10+1+2*kills, "a kill costs the page that was being read, and the shift of the others")
}

func TestTextsArriveInSpiteOfKills(t *testing.T) {
	t.Parallel()
	const meetings, kills = 95, 3
	sim := startSimulator(t, simulator.Config{Meetings: meetings})
	late, err := sim.Change(1003, simulator.WithLines(), simulator.WithSummary(""))
	require.NoError(t, err)
	in := install(t, sim, "FATHOM_PARTS_FOR=7d")
	server := in.serve()
	who := in.newAccount("ada@example.com")
	in.mustCall(http.MethodPost, who.recordsURL("connections"), who.session, object{"provider": "fathom", "secret": simulator.DemoAPIKey})
	in.requireCompleted(who, in.enqueue(who, "fathom.sync", object{}))
	pages := func() (n int) {
		for _, request := range sim.Requests() {
			if request.Query.Get("include_transcript") == "true" {
				n++
			}
		}
		return n
	}
	sim.Inject(simulator.Fault{Path: "/external/v1/meetings", Delay: 50 * time.Millisecond, Times: -1})
	for kill := range kills {
		polltest.Until(t, time.Millisecond, func() bool { return pages() >= 2*kill+2 }, "no texts are requested")
		server.kill()
		server = in.serve()
	}
	count := func(collection, filter string) any {
		link := who.recordsURL(collection) + "?perPage=1&filter=" + url.QueryEscape(filter)
		return in.mustCall(http.MethodGet, link, who.session, nil)["totalItems"]
	}
	polltest.Until(t, 20*time.Millisecond, func() bool { return count("meetings", "summary != ''") == float64(meetings-1) }, "texts are missing")
	assert.EqualValues(t, meetings-1, count("transcripts", ""), "each is stored once")
	assert.LessOrEqual(t, pages(), meetings/10+1+kills, "a kill costs the page that was being read")
	waiting := in.records(who, "meetings", fmt.Sprintf("recording_id = %d", late.RecordingID))[0].(object)
	assert.Equal(t, "waiting", waiting["parts"].(object)["transcript"])
	polltest.Until(t, 20*time.Millisecond, func() bool {
		jobs := in.mustCall(http.MethodGet, in.url+jobsPath+"?filter="+url.QueryEscape("kind = 'fathom.parts' && finished_at = ''"), who.token, nil)
		return jobs["totalItems"] == 0.0
	}, "the job doesn't end")
	server.kill()
	var next string
	apptest.QueryRow(t, filepath.Join(in.dir, "pb_data", "data.db"), "SELECT next_run_at FROM job_schedules WHERE kind = 'fathom.parts'", &next)
	assert.NotEmpty(t, next, "what is late is requested again")
}
