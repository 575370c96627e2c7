package hooks_test

import (
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// startPaused starts a server with a user who has 24 meetings, and whose transfers don't start.
func startPaused(t *testing.T) (*apptest.Server, apptest.Person) {
	t.Helper()
	return startPausedWith(t, simulator.DefaultMeetings)
}

// startPausedWith is startPaused with another number of meetings.
func startPausedWith(t *testing.T, meetings int) (*apptest.Server, apptest.Person) {
	t.Helper()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: meetings}})
	p := s.SignUpWithMeetings("ada@example.com")
	require.NoError(t, s.App.Queue.AddPause(t.Context(), queue.Pause{Kind: "recording.transfer", Source: queue.SourceOperator}))
	return s, p
}

func transferSelection(p apptest.Person, body map[string]any) apptest.Answer {
	p.T.Helper()
	answer := p.Own("POST", "/api/transfers", body)
	require.Equal(p.T, 200, answer.Status, answer.Raw)
	return answer
}

// transferJobs returns the payloads of a person's transfer jobs.
func transferJobs(p apptest.Person) (payloads []map[string]any) {
	p.T.Helper()
	for _, job := range p.Call("GET", p.URL+apptest.JobsPath+"?perPage=500&filter=kind%3D'recording.transfer'", p.Token, nil).Items() {
		payloads = append(payloads, job["payload"].(map[string]any))
	}
	return payloads
}

func requireCounts(t *testing.T, answer apptest.Answer, matched, created, active, skipped, left int) {
	t.Helper()
	for name, want := range map[string]int{"matched": matched, "created": created, "active": active, "skipped": skipped, "left": left} {
		require.EqualValues(t, want, answer.Get(name), "%s: %s", name, answer.Raw)
	}
}

func TestTransferOfAFiltersResult(t *testing.T) {
	t.Parallel()
	_, p := startPaused(t)
	matching := p.ListOwn("meetings", "recording_id >= 1003 && recording_id < 1008")
	require.Len(t, matching, 5)
	selection := map[string]any{"filter": "recording_id >= 1003 && recording_id < 1008", "dry_run": true}

	dry := transferSelection(p, selection)
	requireCounts(t, dry, 5, 5, 0, 0, 0)
	require.Len(t, dry.Get("meetings"), 5)
	first := dry.Get("meetings").([]any)[0].(map[string]any)
	assert.NotEmpty(t, first["title"])
	assert.NotEmpty(t, first["meeting"])
	assert.Empty(t, transferJobs(p), "a dry run creates nothing")

	selection["dry_run"] = false
	requireCounts(t, transferSelection(p, selection), 5, 5, 0, 0, 0)
	assert.Len(t, transferJobs(p), 5)
	p.Eventually(func() bool { return len(p.ListOwn("transfers", "status = 'queued'")) == 5 })
	requireCounts(t, transferSelection(p, selection), 5, 0, 5, 0, 0)
	requireCounts(t, transferSelection(p, map[string]any{"recording_ids": []int{1001, 1003, 1003}}), 2, 1, 1, 0, 0)
	assert.Len(t, transferJobs(p), 6)
}

func TestTransferOfASelectionSkipsWhatIsDone(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	for id, deliver := range map[int]bool{1001: true, 1002: false, 1021: true} { // awaits a link, stored, stored audio
		job := p.RunJob("recording.transfer", map[string]any{"recording_id": id, "deliver": deliver})
		require.Equal(t, "completed", job.Text("status"), job.Raw)
	}
	failed := p.RunJob("recording.transfer", map[string]any{"recording_id": 1023})
	require.Equal(t, "dead", failed.Text("status"))
	p.Eventually(func() bool { return len(p.ListOwn("transfers", "status = 'failed'")) == 1 })
	selection := map[string]any{"recording_ids": []int{1001, 1002, 1021, 1023}, "deliver": false, "dry_run": true}
	answer := transferSelection(p, selection)
	requireCounts(t, answer, 4, 1, 0, 3, 0)
	assert.EqualValues(t, 1023, answer.Get("meetings").([]any)[0].(map[string]any)["recording_id"])
	selection["deliver"] = true
	requireCounts(t, transferSelection(p, selection), 4, 2, 0, 2, 0)
}

func TestSelectionDeliversActiveTransfersThatOnlyStore(t *testing.T) {
	t.Parallel()
	_, p := startPaused(t)
	ids := []int{1001, 1002}
	requireCounts(t, transferSelection(p, map[string]any{"recording_ids": ids, "deliver": false}), 2, 2, 0, 0, 0)
	p.Eventually(func() bool { return len(p.ListOwn("transfers", "status = 'queued'")) == 2 })
	requireCounts(t, transferSelection(p, map[string]any{"recording_ids": ids}), 2, 0, 2, 0, 0)
	for _, payload := range transferJobs(p) {
		assert.Equal(t, true, payload["deliver"])
	}
}

// fillQueue adds copies of a person's only transfer job, of other recordings.
func fillQueue(t *testing.T, s *apptest.Server, p apptest.Person, jobs int) {
	t.Helper()
	columns := "user, kind, payload, status, run_at, max_attempts, created, updated"
	_, err := s.App.NonconcurrentDB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:jobs})
		INSERT INTO global_queue (id, dedupe_key, ` + columns + `) SELECT 'filler' || i, 'recording.transfer:' || user || ':' || (5000 + i), ` +
		columns + ` FROM global_queue, n WHERE kind = 'recording.transfer' AND user = {:user}`).Bind(dbx.Params{"user": p.ID, "jobs": jobs}).Execute()
	require.NoError(t, err)
}

func TestTransferOfASelectionEndsAtTheLimitOfActiveJobs(t *testing.T) {
	t.Parallel()
	s, p := startPaused(t)
	requireCounts(t, transferSelection(p, map[string]any{"recording_ids": []int{1001}}), 1, 1, 0, 0, 0)
	fillQueue(t, s, p, 1992)
	requireCounts(t, transferSelection(p, map[string]any{"filter": "recording_id > 0"}), 24, 7, 1, 0, 16)
}

func TestLargeSelectionIsWrittenInParts(t *testing.T) {
	t.Parallel()
	s, p := startPausedWith(t, 210)
	var mu sync.Mutex
	written := map[*core.TxAppInfo]int{}
	s.App.OnRecordCreate("global_queue").BindFunc(func(e *core.RecordEvent) error {
		mu.Lock()
		written[e.App.TxInfo()]++
		mu.Unlock()
		return e.Next()
	})
	requireCounts(t, transferSelection(p, map[string]any{"filter": "recording_id > 0"}), 210, 210, 0, 0, 0)
	mu.Lock()
	defer mu.Unlock()
	assert.GreaterOrEqual(t, len(written), 3, "others may write in between")
	for _, jobs := range written {
		assert.LessOrEqual(t, jobs, 100)
	}
}

// A selection that only changes what active jobs do costs as much as one that creates jobs.
func TestActiveTransfersOfASelectionCountToTheRateOfNewJobs(t *testing.T) {
	t.Parallel()
	_, p := startPausedWith(t, 220)
	active := map[string]any{"filter": "recording_id > 1100", "deliver": false}
	requireCounts(t, transferSelection(p, active), 120, 120, 0, 0, 0)
	p.Eventually(func() bool {
		return p.Own("GET", "/api/collections/transfers/records?perPage=1&filter=status%3D'queued'", nil).Get("totalItems") == 120.0
	})
	delete(active, "deliver")
	for range 2 * limit.JobBurst / 120 {
		requireCounts(t, transferSelection(p, active), 120, 0, 120, 0, 0)
	}
	answer := transferSelection(p, map[string]any{"filter": "recording_id <= 1100"})
	assert.Positive(t, answer.Get("left"), answer.Raw)
}

func TestSelectionThatHasGrownIsRefused(t *testing.T) {
	t.Parallel()
	_, p := startPaused(t)
	total := int(libraryOf(p, "").Get("total").(float64))
	selection := map[string]any{"library": map[string]any{}, "at_most": total - 1}
	for _, dryRun := range []bool{true, false} {
		selection["dry_run"] = dryRun
		refused := p.Own("POST", "/api/transfers", selection)
		assert.Equal(t, 409, refused.Status, refused.Raw)
		assert.Contains(t, refused.Text("message"), "24 meetings match now, but 23 did")
	}
	assert.Empty(t, p.Jobs("pending"))
	selection["at_most"] = total
	requireCounts(t, transferSelection(p, selection), total, total, 0, 0, 0)
}

func TestUnclearSelectionOfTransfersIsRefused(t *testing.T) {
	t.Parallel()
	_, p := startPaused(t)
	tooMany := make([]int, 2001)
	for name, body := range map[string]map[string]any{
		"empty":              {},
		"blank filter":       {"filter": "  "},
		"no ids":             {"recording_ids": []int{}},
		"ids and filter":     {"recording_ids": []int{1001}, "filter": "recording_id > 0"},
		"unknown meeting":    {"recording_ids": []int{1001, 7}},
		"invalid filter":     {"filter": "title ~"},
		"filter of others":   {"filter": "@collection.transfers.status = 'queued'"},
		"filter, no meeting": {"filter": "recording_id < 0"},
		"too many ids":       {"recording_ids": tooMany},
	} {
		answer := p.Own("POST", "/api/transfers", body)
		assert.Equal(t, 400, answer.Status, "%s: %s", name, answer.Raw)
	}
	assert.Empty(t, transferJobs(p))
}
