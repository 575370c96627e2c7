package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// loomKill is a request of a delivery to Loom at which the server is killed.
type loomKill struct {
	name      string
	operation string // of the Atlassian side
	earlier   int    // requests of the delivery for this operation that are answered first
	executed  bool   // whether Loom executes it; the answer is lost in any case
	within    bool   // kill while the file is being sent
	unknown   bool   // nobody can know whether an upload exists, of which the owner is told
	orphan    bool   // an upload without a video remains, which Loom discards
}

// loomKills are the steps of a delivery, in their order, by what its state says at the time of the kill.
var loomKills = []loomKill{
	{name: "creating", operation: "createLoomVideoUpload", unknown: true},
	{name: "creating, executed", operation: "createLoomVideoUpload", executed: true, unknown: true, orphan: true},
	{name: "created", operation: simulator.FaultUpload, orphan: true},
	{name: "sending", operation: simulator.FaultUpload, within: true, orphan: true},
	{name: "sent", operation: simulator.FaultUpload, executed: true, orphan: true},
	{name: "publishing", operation: "publishLoomVideo"},
	{name: "publishing, executed", operation: "publishLoomVideo", executed: true},
	{name: "published", operation: "getLoomVideo"},
	{name: "setting visibility", operation: "updateLoomVideoPermissions"},
	{name: "setting visibility, executed", operation: "updateLoomVideoPermissions", executed: true},
	{name: "reading visibility back", operation: "getLoomVideo", earlier: 1},
	{name: "verifying", operation: "getLoomVideo", earlier: 2},
}

// titleKills are steps of deliveries whose first call can't set a title.
var titleKills = []loomKill{
	{name: "setting title", operation: "updateLoomVideoTitle"},
	{name: "setting title, executed", operation: "updateLoomVideoTitle", executed: true},
}

// TestDeliveryToLoomSurvivesAKillAtEachStep kills the server once for each of 50 recordings. The steps between two requests
// are failed one by one in app/loomupload.
func TestDeliveryToLoomSurvivesAKillAtEachStep(t *testing.T) {
	t.Parallel()
	const partsPerFile = 3
	total := 0
	for _, form := range []struct {
		behaviour simulator.AtlassianBehaviour
		kills     []loomKill
		requests  int // that send a file
	}{
		{simulator.AtlassianBehaviour{Form: simulator.UploadPut}, loomKills, 1},
		{simulator.AtlassianBehaviour{Form: simulator.UploadMultipart, ResourceIDs: true}, loomKills, 1},
		{simulator.AtlassianBehaviour{Form: simulator.UploadCurl, InputNames: map[string]string{"title": "unknownTitle"}}, slices.Concat(titleKills, loomKills), 1},
		{simulator.AtlassianBehaviour{Form: simulator.UploadParts, PartSize: loomFileSize/partsPerFile + 1}, loomKills, partsPerFile},
	} {
		total += len(form.kills)
		t.Run(string(form.behaviour.Form), func(t *testing.T) {
			t.Parallel()
			killDuringDeliveries(t, form.behaviour, form.kills, form.requests)
		})
	}
	assert.Equal(t, 50, total)
}

const loomFileSize = 1 << 20

// killDuringDeliveries kills a server while deliveries of several users wait at steps of their own.
func killDuringDeliveries(t *testing.T, behaviour simulator.AtlassianBehaviour, kills []loomKill, requestsPerFile int) {
	const users = 4
	sim, in := startAtlassian(t, simulator.Config{RecordingSize: loomFileSize}, behaviour, fmt.Sprintf("WORKER_CONCURRENCY=%d", users))
	server := in.serve()
	var accounts []account
	for i := range users {
		who := in.newSyncedAccount(fmt.Sprintf("user%d@example.com", i), simulator.DemoAPIKey)
		in.connectLoom(who)
		accounts = append(accounts, who)
	}
	var delivered []delivery
	orphans := 0
	for together := range slices.Chunk(kills, users) {
		var jobs []string
		for i, kill := range together {
			reached := kill.hold(sim, requestsPerFile)
			d := delivery{accounts[i], 1001 + len(delivered)}
			jobs = append(jobs, in.transfer(d.who, d.recordingID))
			polltest.Until(t, 2*time.Millisecond, reached, "the delivery did not come to %s", kill.name)
			delivered = append(delivered, d)
		}
		server.kill()
		sim.ClearFaults()
		server = in.serve()
		for i, kill := range together {
			d := delivered[len(delivered)-len(together)+i]
			in.requireCompleted(d.who, jobs[i])
			if kill.orphan {
				orphans++
			}
			note := in.transferOf(d.who, d.recordingID)["note"]
			if kill.unknown {
				assert.Contains(t, note, "empty video", kill.name)
			} else {
				assert.Empty(t, note, kill.name)
			}
		}
	}
	in.requireOnLoom(sim, delivered...)
	assert.Len(t, sim.AtlassianUploads(), len(kills)+orphans, "only files whose address was lost are sent again")
}

// hold makes the simulator hold the next delivery at the kill's request. It returns a function that reports whether the
// delivery has come there.
func (k loomKill) hold(sim *simulator.Server, requestsPerFile int) (reached func() bool) {
	fault := simulator.AtlassianFault{Operation: k.operation, Hold: make(chan struct{}), AfterDone: k.executed} // until the client is killed
	earlier := k.earlier
	if k.operation == simulator.FaultUpload && (k.within || k.executed) {
		earlier = requestsPerFile - 1
	}
	if k.within {
		fault.HoldAfter = loomFileSize / int64(requestsPerFile) / 2
	}
	if earlier > 0 {
		sim.InjectAtlassian(simulator.AtlassianFault{Operation: k.operation, Times: earlier}) // changes nothing
	}
	sim.InjectAtlassian(fault)

	calls, created, before := sim.AtlassianStats().Calls[k.operation], len(sim.AtlassianUploads()), k.executions(sim)
	requests, _ := simulator.CountRequests(sim.Requests(), "", uploadPath(requestsPerFile))
	return func() bool {
		switch {
		case k.executed && (k.operation != simulator.FaultUpload || requestsPerFile == 1):
			return k.executions(sim) > before
		case k.operation == simulator.FaultUpload:
			now, _ := simulator.CountRequests(sim.Requests(), "", uploadPath(requestsPerFile))
			return len(sim.AtlassianUploads()) > created && now > requests+earlier
		}
		return sim.AtlassianStats().Calls[k.operation] > calls+earlier
	}
}

// uploadPath matches the requests that send a file.
func uploadPath(requestsPerFile int) string {
	if requestsPerFile > 1 {
		return "/atlassian-upload/*/parts/*"
	}
	return "/atlassian-upload/*"
}

// executions returns how often Loom has executed the kill's operation.
func (k loomKill) executions(sim *simulator.Server) (count int) {
	for _, upload := range sim.AtlassianUploads() {
		if k.operation == "createLoomVideoUpload" || k.operation == simulator.FaultUpload && upload.Sent {
			count++
		}
	}
	for _, video := range sim.Uploads() {
		switch k.operation {
		case "publishLoomVideo":
			count++
		case "updateLoomVideoPermissions":
			if video.Visibility == simulator.VisibilityOwner {
				count++
			}
		case "updateLoomVideoTitle":
			if video.Title != video.Filename[:len(video.Filename)-len(".mp4")] {
				count++
			}
		}
	}
	return count
}
