package transfer_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// The download takes about seven seconds, so its progress is saved once on the way.
func TestProgressOfADownloadIsSentMoreOftenThanItIsSaved(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 1 << 20}})
	s.Simulator.Inject(simulator.Fault{Path: "/media/*", BytesPerSecond: 150_000, Times: -1})
	all, filtered := apptest.OpenStream(t, p.DatabaseURL), apptest.OpenStream(t, p.DatabaseURL)
	subscribed := p.Own("POST", "/api/realtime", all.Subscription("transfers/*"))
	require.Equal(t, 204, subscribed.Status, subscribed.Raw)
	topic := `transfers/*?options={"query":{"fields":"bytes_done,status"}}`
	subscribed = p.Own("POST", "/api/realtime", filtered.Subscription(topic))
	require.Equal(t, 204, subscribed.Status, subscribed.Raw)
	started := time.Now()
	id := enqueueTransfer(p, 1001).Text("id")

	sent, shown, saved := map[float64]bool{}, map[float64]bool{}, map[int64]bool{}
	var job []float64
	newest := map[string]any{"updated": "", "bytes_done": 0.0}
	for {
		record := all.Next().Data["record"].(map[string]any)
		if record["status"] == "stored" || record["status"] == "uploading" {
			break
		}
		if record["status"] != "downloading" {
			continue
		}
		sent[record["bytes_done"].(float64)] = true
		older, newer := record, newest
		if record["updated"].(string) >= newest["updated"].(string) {
			older, newer, newest = newest, record, record
		}
		assert.LessOrEqual(t, older["bytes_done"], newer["bytes_done"], "messages may arrive in another order, and clients recognize the newer one")
		read := recordFor(p, "transfers", 1001)
		if read["status"] == "downloading" {
			shown[read["bytes_done"].(float64)] = true
			assert.GreaterOrEqual(t, read["bytes_done"], record["bytes_done"])
			assert.GreaterOrEqual(t, read["updated"], record["updated"])
			job = append(job, p.Job(id).Get("progress").(float64))
		}
		var bytes int64
		apptest.QueryRow(t, p.DataFile(), "SELECT bytes_done FROM transfers", &bytes)
		saved[bytes] = true
	}
	assert.Greater(t, len(sent), 8, "twice a second")
	assert.Greater(t, len(shown), 8)
	most := 2 + int(time.Since(started)/queue.ProgressInterval)
	assert.LessOrEqual(t, len(saved), most, "at the start, every five seconds, and at the end: %v", saved)
	assert.IsNonDecreasing(t, job)
	assert.Greater(t, len(slices.Compact(job)), 8, "the job's progress is read as it is sent")
	limited := filtered.Next().Data["record"].(map[string]any)
	for limited["status"] != "downloading" || limited["bytes_done"] == 0.0 {
		limited = filtered.Next().Data["record"].(map[string]any)
	}
	assert.Len(t, limited, 2, "a message has the fields that the client asked for")
	waitForJobStatus(p, id, "completed")
	assert.EqualValues(t, original(s, 1001).Size, recordFor(p, "transfers", 1001)["bytes_done"])
}
