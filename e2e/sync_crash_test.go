package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
