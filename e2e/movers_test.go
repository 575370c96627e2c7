package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// startMover starts a mover, which has nothing but its own settings and a folder without data.
func (in *installation) startMover(cluster []string, bucket *s3test.Server, sim *simulator.Server, settings ...string) *process {
	in.t.Helper()
	command := exec.Command(binary, "mover")
	command.Dir = in.t.TempDir()
	command.Env = append(environment(), "FATHOM_API_URL="+sim.FathomURL(), "S3_ENDPOINT="+bucket.URL)
	command.Env = append(append(command.Env, cluster...), settings...)
	return in.start(command)
}

// awaitMovers waits until the server knows as many movers.
func (in *installation) awaitMovers(count int) {
	in.t.Helper()
	polltest.Until(in.t, 50*time.Millisecond, func() bool {
		out := in.run("cluster", "list", "--json")
		return out.exitCode == 0 && strings.Count(out.stdout, `"id"`) == count
	}, "the server doesn't know %d movers", count)
}

func sentBySource(sim *simulator.Server) (bytes int64) {
	for _, request := range sim.Requests() {
		if strings.HasPrefix(request.Path, "/media/") {
			bytes += request.Sent
		}
	}
	return bytes
}

// requireEachMoved requires that the bucket contains every recording once, complete, and nothing else.
func (in *installation) requireEachMoved(who account, bucket *s3test.Server, sim *simulator.Server) {
	in.t.Helper()
	meetings := sim.Meetings()
	stored := map[string]s3test.Object{}
	for _, key := range bucket.Keys() {
		object, ok := bucket.Object(key)
		require.True(in.t, ok)
		parts := strings.Split(key, "/")
		stored[parts[len(parts)-2]] = object
	}
	require.Len(in.t, bucket.Keys(), len(meetings))
	for _, meeting := range meetings {
		object := stored[fmt.Sprint(meeting.RecordingID)]
		truth, _ := sim.Meeting(meeting.RecordingID)
		assert.Equal(in.t, truth.Size, object.Size)
		assert.Equal(in.t, truth.SHA256, object.SHA256)
	}
	recordings := in.records(who, "recordings", "")
	require.Len(in.t, recordings, len(meetings))
}

// Movers, NATS servers and the server itself are killed and frozen while recordings move.
func TestMoversSurviveWhateverHappensToThem(t *testing.T) {
	t.Parallel()
	random := testseed.New(t)
	count, size := testsize.Of(8, 48), int64(testsize.Of(18, 22))<<20
	sim := startSimulator(t, simulator.Config{Meetings: -1})
	for i := range count {
		_, err := sim.AddMeeting(simulator.WithRecordingID(int64(1001+i)), simulator.WithSize(size), simulator.ProcessingPolls(1))
		require.NoError(t, err)
	}
	bucket := s3test.Start(t, s3test.Options{})
	servers := natstest.StartCluster(t, 3)
	var urls []string
	for _, server := range servers {
		urls = append(urls, server.URL)
	}
	cluster := []string{"CLUSTER_URL=" + strings.Join(urls, ",")}
	in := install(t, sim, append(append(bucket.Settings(), cluster...), "WORKER_CONCURRENCY=16", "LOG_LEVEL=warn")...)
	home := in.serve()
	movers := make([]*process, 4)
	for i := range movers {
		movers[i] = in.startMover(cluster, bucket, sim)
	}
	in.awaitMovers(len(movers))
	who := in.newDemoAccount()
	sim.Inject(simulator.Fault{Path: "/media/*", BytesPerSecond: int64(testsize.Of(6, 8)) << 20, Times: -1})
	in.enqueueTransfers(who, sim.Meetings())

	kills := 0
	disturb := func() {
		switch what, victim := random.IntN(10), random.IntN(len(movers)); {
		case what < 4:
			movers[victim].kill()
			movers[victim] = in.startMover(cluster, bucket, sim)
		case what < 7:
			in.freeze(movers[victim], random)
		case what < 9:
			servers[random.IntN(len(servers))].Restart()
		case kills < 5: // of the eight attempts that a job has
			kills++
			home.kill()
			home = in.serve()
		}
	}
	tick := time.NewTicker(900 * time.Millisecond)
	defer tick.Stop()
	for round := 0; in.countJobs(who, "kind='recording.transfer' && status='completed'") < float64(count); round++ {
		require.Less(t, round, testsize.Of(130, 300), "the transfers don't end")
		if round < testsize.Of(12, 40) {
			disturb()
		}
		<-tick.C
	}
	in.requireEachMoved(who, bucket, sim)
	assert.Zero(t, in.countJobs(who, fmt.Sprintf("kind='recording.transfer' && attempts>%d", kills+1)), "only the death of the server uses up attempts")
	total := int64(count) * size
	t.Logf("bytes from the source: %.2f times the total", float64(sentBySource(sim))/float64(total))
	assert.Less(t, sentBySource(sim), 2*total)

	bucket.Backdate(48 * time.Hour)
	status, err := call(http.MethodPost, in.url+"/api/crons/userDatabaseMaintenance", in.superuserToken(in.keys.AdminEmail), nil, nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, status)
	polltest.Until(t, 20*time.Millisecond, func() bool { return len(bucket.Uploads()) == 0 }, "an upload is left open")
}

// freeze stops a process for some seconds, sometimes for longer than others wait for it.
func (in *installation) freeze(p *process, random *rand.Rand) {
	in.t.Helper()
	require.NoError(in.t, p.Process.Signal(syscall.SIGSTOP))
	after := time.AfterFunc(time.Duration(1+random.IntN(12))*time.Second, func() { _ = p.Process.Signal(syscall.SIGCONT) })
	in.t.Cleanup(func() { after.Stop() })
}
