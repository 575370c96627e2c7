package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// invalidDates are values that PocketBase takes for a blank date.
var invalidDates = []any{"tomorrow", "2026-02-31 10:00:00.000Z", "2026-13-01", " ", "0", 0, 1.5e9, true, map[string]any{"a": 1}, []any{"2026-01-01"}}

func TestInvalidRunAtIsRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	jobs := s.URL + apptest.JobsPath
	refused := func(got apptest.Answer, field string, value any) {
		t.Helper()
		assert.Equal(t, 400, got.Status, "%v: %s", value, got.Raw)
		assert.Equal(t, "validation_invalid_date", got.Text("data."+field+".code"), "%v: %s", value, got.Raw)
	}
	waiting := s.Call(http.MethodPost, jobs, p.Token, map[string]any{"kind": "fathom.sync", "run_at": inAnHour()})
	require.Equal(t, 200, waiting.Status, waiting.Raw)
	for _, value := range invalidDates {
		for role, token := range map[string]string{"user": p.Token, "superuser": s.SuperuserToken()} {
			job := map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": 5}, "user": p.ID, "run_at": value}
			refused(s.Call(http.MethodPost, jobs, token, job), "run_at", value)
			refused(s.Call(http.MethodPatch, jobs+"/"+waiting.Text("id"), token, map[string]any{"run_at": value}), "run_at", value)
			schedule := map[string]any{"kind": "fathom.sync", "every": 3600, "user": p.ID, "next_run_at": value}
			refused(s.Call(http.MethodPost, s.URL+"/api/collections/job_schedules/records", token, schedule), "next_run_at", []any{role, value})
		}
		batch := s.Call(http.MethodPost, s.URL+"/api/batch", p.Token, map[string]any{"requests": []any{
			map[string]any{"method": "POST", "url": apptest.JobsPath, "body": map[string]any{
				"kind": "recording.transfer", "payload": map[string]any{"recording_id": 5}, "run_at": value,
			}},
		}})
		assert.Equal(t, 400, batch.Status, "%v: %s", value, batch.Raw)
		assert.Contains(t, batch.Raw, "run_at")
	}
	assert.Equal(t, waiting.Text("run_at"), p.Job(waiting.Text("id")).Text("run_at"))
	assert.Len(t, s.Call(http.MethodGet, jobs, p.Token, nil).Items(), 1, "nothing was created")

	for i, value := range []any{"", nil, "2020-01-02", "2020-01-02T10:00:00+02:00", "2020-01-02 10:00:00.000Z"} {
		job := map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": 10 + i}, "run_at": value}
		assert.Equal(t, 200, s.Call(http.MethodPost, jobs, p.Token, job).Status, "%v", value)
	}
	now := s.Call(http.MethodPatch, jobs+"/"+waiting.Text("id"), s.SuperuserToken(), map[string]any{"run_at": ""})
	require.Equal(t, 200, now.Status, now.Raw)
	assert.NotEmpty(t, now.Text("run_at"), "blank means now")
}

func TestRecordingIDsThatNumbersCannotHoldAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	superuser := s.SuperuserToken()
	for _, token := range []string{p.Token, superuser} {
		for _, id := range []any{uint64(1) << 53, uint64(1<<53 + 1), uint64(1) << 63, 1e300, 0} {
			payload := map[string]any{"recording_id": id}
			job := s.Call(http.MethodPost, s.URL+apptest.JobsPath, token, map[string]any{"kind": "recording.transfer", "payload": payload, "user": p.ID})
			assert.Equal(t, 400, job.Status, "%v: %s", id, job.Raw)
			assert.Contains(t, job.Text("data.payload.message"), "recording_id", "%v: %s", id, job.Raw)
			schedule := map[string]any{"kind": "recording.transfer", "payload": payload, "every": 3600, "user": p.ID}
			got := s.Call(http.MethodPost, s.URL+"/api/collections/job_schedules/records", token, schedule)
			assert.Equal(t, 400, got.Status, "%v: %s", id, got.Raw)
			assert.Contains(t, got.Text("data.payload.message"), "recording_id", "%v: %s", id, got.Raw)
		}
	}
	largest := s.Call(http.MethodPost, s.URL+apptest.JobsPath, p.Token, map[string]any{
		"kind": "recording.transfer", "payload": map[string]any{"recording_id": uint64(1)<<53 - 1},
	})
	assert.Equal(t, 200, largest.Status, largest.Raw)
}
