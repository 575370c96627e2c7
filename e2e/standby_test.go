package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// acknowledged is a job whose creation the server has confirmed.
type acknowledged struct {
	who         account
	recordingID int
	id          string
	at          time.Time
}

// jobWriter creates a transfer every few milliseconds until the server is gone. No two are for the same recording.
type jobWriter struct {
	in       *installation
	accounts []account

	mu      sync.Mutex
	jobs    []acknowledged
	slowest time.Duration // to acknowledge a job
	done    chan struct{}
}

const jobInterval = 60 * time.Millisecond

func (w *jobWriter) run(first, count int) {
	defer close(w.done)
	tick := time.NewTicker(jobInterval)
	defer tick.Stop()
	for i := range count {
		<-tick.C
		who, begun := w.accounts[i%len(w.accounts)], time.Now()
		var job struct{ ID string }
		status, err := call(http.MethodPost, w.in.url+jobsPath, who.token,
			object{"kind": "recording.transfer", "payload": object{"recording_id": first + i}}, &job)
		if err != nil {
			return // the server was killed
		}
		if status != http.StatusOK {
			continue
		}
		w.mu.Lock()
		w.jobs = append(w.jobs, acknowledged{who, first + i, job.ID, time.Now()})
		w.slowest = max(w.slowest, time.Since(begun))
		w.mu.Unlock()
	}
}

func (w *jobWriter) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.jobs)
}

// The server and Litestream are killed while people create jobs and recordings are delivered to Loom, the data directory
// is lost, and a standby takes over. It needs the real Litestream, and therefore runs with SOAK=1 only.
func TestStandbyMissesAtMostTwoSecondsOfJobs(t *testing.T) {
	t.Parallel()
	for _, kind := range testsize.Of(nil, []string{"disk", "s3"}) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			standbyDrill(t, kind)
		})
	}
}

func standbyDrill(t *testing.T, kind string) {
	program, err := buildLitestream()
	require.NoError(t, err)
	const jobs = 80
	const size = 256 << 10 // of a recording, in bytes
	settings := replicaOf(t, kind)
	sim, in := startAtlassian(t, simulator.Config{Meetings: jobs + 40, RecordingSize: size}, simulator.AtlassianBehaviour{Form: simulator.UploadPut},
		append([]string{"WORKER_CONCURRENCY=4"}, settings...)...)
	server := in.serve()
	log, killLitestream := in.replicate(program, settings...)
	var accounts []account
	for i := range 3 {
		who := in.newSyncedAccount(fmt.Sprintf("user%d@example.com", i), simulator.DemoAPIKey)
		in.connectLoom(who)
		accounts = append(accounts, who)
	}
	assert.Contains(t, in.run("doctor").stdout, "Litestream copies the global database")
	writer := &jobWriter{in: in, accounts: accounts, done: make(chan struct{})}
	go writer.run(1001, jobs)
	polltest.Until(t, 10*time.Millisecond, func() bool { return writer.count() > 20 }, "no jobs were created: %s", server.log)
	// PocketBase's own maintenance would block writers for ten seconds, because Litestream always reads.
	status, err := call(http.MethodPost, in.url+"/api/crons/__pbDBOptimize__", in.superuserToken(in.keys.AdminEmail), nil, &object{})
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, status)
	polltest.Until(t, 5*time.Millisecond, func() bool { return writer.count() >= jobs/2 }, "too few jobs were created: %s", server.log)

	killed := time.Now()
	server.kill()
	killLitestream()
	<-writer.done
	require.NoError(t, os.RemoveAll(in.dataDir()))
	lost := time.Now()
	server = in.launchCommand(binary, promotion(t, program)...)
	in.awaitAnswers(server)
	recovery := time.Since(lost)

	var point time.Duration
	var missing []acknowledged
	for i, who := range accounts {
		accounts[i], err = in.signIn(fmt.Sprintf("user%d@example.com", i))
		require.NoError(t, err)
		require.Equal(t, who.name, accounts[i].name)
	}
	renewed := func(who account) account {
		return accounts[slices.IndexFunc(accounts, func(a account) bool { return a.name == who.name })]
	}
	for _, job := range writer.jobs {
		status, err := call(http.MethodGet, in.url+jobsPath+"/"+job.id, renewed(job.who).token, nil, &object{})
		require.NoError(t, err)
		if status == http.StatusNotFound {
			missing = append(missing, job)
			point = max(point, killed.Sub(job.at))
			continue
		}
		require.Equal(t, http.StatusOK, status)
	}
	t.Logf("%s: %d of %d acknowledged jobs are missing, the oldest from %v before the kill (RPO); the standby served %v after the loss (RTO); slowest acknowledgement %v; %d snapshots",
		kind, len(missing), len(writer.jobs), point.Round(time.Millisecond), recovery.Round(time.Millisecond), writer.slowest.Round(time.Millisecond), strings.Count(log.String(), "snapshot"))
	assert.LessOrEqual(t, point, 2*time.Second)
	assert.Less(t, writer.slowest, 5*time.Second)

	// People ask again for what is missing. Some of it was delivered before the kill.
	var deliveries []delivery
	for _, job := range missing {
		in.transfer(renewed(job.who), job.recordingID)
	}
	for _, job := range writer.jobs {
		deliveries = append(deliveries, delivery{renewed(job.who), job.recordingID})
	}
	for _, who := range accounts {
		polltest.Until(t, 100*time.Millisecond, func() bool {
			return in.countJobs(who, "kind='recording.transfer' && status!='completed'") == 0
		}, "a job of %s is stuck", who.name)
	}
	in.requireOnLoom(sim, deliveries...)
	found, err := filepath.Glob(filepath.Join(in.dir, "user_dbs", ".incarnation"))
	require.NoError(t, err)
	assert.Len(t, found, 1)
}
