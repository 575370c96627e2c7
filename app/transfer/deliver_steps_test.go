package transfer_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestDeliveryContinuesAfterARestartAtEachStep(t *testing.T) {
	t.Parallel()
	held := make(chan string)
	at := ""
	u := &steppedUploader{reached: func(ctx context.Context, step string) error {
		if step != at {
			return nil
		}
		held <- step
		<-ctx.Done()
		return ctx.Err()
	}}
	at = "created"
	s, p := startStepped(t, u)
	id := enqueueTransfer(p, 1001).Text("id")
	for _, step := range []string{"created", "sent", "published"} {
		require.Equal(t, step, <-held)
		assert.Equal(t, "uploading", recordFor(p, "transfers", 1001)["status"])
		require.NoError(t, p.Stop())
		at = map[string]string{"created": "sent", "sent": "published"}[step]
		next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator, Prepare: func(s *apptest.Server) { s.App.Uploader = u }})
		p = p.On(next)
	}
	job := waitForJobStatus(p, id, "completed")
	assert.Equal(t, "delivered", job.Text("result.status"))
	assert.Equal(t, []string{"", "created", "sent", "published"}, u.steps())
	assert.Len(t, p.Simulator.Uploads(), 1)
	transfer := recordFor(p, "transfers", 1001)
	assert.Equal(t, "stepped", transfer["uploader"])
	assert.Equal(t, "owner", transfer["visibility"])
	assert.Equal(t, true, transfer["verified"])
	assert.NotContains(t, transfer, "delivery", "the state is the server's")
}

func TestAFailedSaveEndsTheDelivery(t *testing.T) {
	t.Parallel()
	u := &steppedUploader{}
	_, p := startStepped(t, u)
	handle, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer handle.Release()
	var saves atomic.Int64
	handle.App.OnRecordUpdate("transfers").BindFunc(func(e *core.RecordEvent) error {
		if strings.Contains(e.Record.GetString("delivery"), "created") && saves.Add(1) == 1 {
			return errors.New("the disk is full")
		}
		return e.Next()
	})
	id := enqueueTransfer(p, 1001).Text("id")
	p.Eventually(func() bool { return p.Job(id).Text("status") == "failed" })
	assert.Empty(t, p.Simulator.Uploads(), "nothing is sent without a record of the step before")
	p.Call("PATCH", p.URL+apptest.JobsPath+"/"+id, p.Token, map[string]any{"status": "pending"})
	waitForJobStatus(p, id, "completed")
	assert.Equal(t, []string{"", ""}, u.steps())
	assert.Len(t, p.Simulator.Uploads(), 1)
}

// Case C17: whatever ended a delivery, another transfer continues it, and a delivered recording stays the only one.
func TestAnotherTransferContinuesACancelledDelivery(t *testing.T) {
	t.Parallel()
	sent := make(chan struct{})
	u := &steppedUploader{}
	u.reached = func(ctx context.Context, step string) error {
		if step == "sent" && len(u.steps()) == 1 {
			close(sent)
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	_, p := startStepped(t, u)
	id := enqueueTransfer(p, 1001).Text("id")
	<-sent
	cancelJob(p, id)
	waitForTransferStatus(p, 1001, "cancelled")
	for range 2 {
		assert.Equal(t, "delivered", completeTransfer(p, 1001).Text("result.status"))
		assert.Equal(t, []string{"", "sent"}, u.steps())
	}
	deleteFile(p, 1001)
	again := p.RunJob("recording.transfer", map[string]any{"recording_id": 1001, "again": true})
	assert.Equal(t, "delivered", again.Text("result.status"))
	assert.Len(t, p.Simulator.Uploads(), 1)
}

// The uploader decides what another file means for what it has begun.
func TestUploaderLearnsThatTheFileIsAnother(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"created", "published"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			u := &steppedUploader{}
			u.reached = func(_ context.Context, reached string) error {
				if reached == step && len(u.steps()) == 1 {
					return queue.Permanent("Not today.", nil)
				}
				return nil
			}
			_, p := startStepped(t, u)
			require.Equal(t, "dead", runTransfer(p, 1001).Text("status"))
			_, err := p.Simulator.Change(1001, simulator.WithSize(3<<20))
			require.NoError(t, err)
			job := p.RunJob("recording.transfer", map[string]any{"recording_id": 1001, "again": true})
			require.Equal(t, "completed", job.Text("status"), job.Raw)
			assert.Equal(t, []string{"", step}, u.steps())
			u.mu.Lock()
			defer u.mu.Unlock()
			assert.True(t, u.calls[1].OtherFile)
			assert.Len(t, p.Simulator.Uploads(), 1)
		})
	}
}

func TestRefusedRecordingIsHandedOverWithANote(t *testing.T) {
	t.Parallel()
	u := &steppedUploader{reached: func(context.Context, string) error {
		return &loom.RejectedError{Reason: "your Loom plan allows videos up to 5 minutes"}
	}}
	_, p := startStepped(t, u)
	job := completeTransfer(p, 1001)
	assert.Equal(t, "awaiting_share_url", job.Text("result.status"))
	transfer := recordFor(p, "transfers", 1001)
	assert.Equal(t, "Loom does not accept this recording: your Loom plan allows videos up to 5 minutes.", transfer["note"])
	assert.Equal(t, "handover", transfer["uploader"])
	assert.Empty(t, transfer["visibility"])
	assert.Empty(t, transfer["error"])
	requireStoredAsAtFathom(p, 1001)
	accepted := p.Own("PATCH", transferPath(p, 1001), map[string]any{"share_url": uploadToLoom(p, 1001)})
	require.Equal(t, 200, accepted.Status, accepted.Raw)
	assert.Equal(t, "delivered", accepted.Text("status"))
	assert.Empty(t, accepted.Text("note"))
}

func TestDelayedDeliveryUsesNoAttempt(t *testing.T) {
	t.Parallel()
	u := &steppedUploader{}
	u.reached = func(context.Context, string) error {
		if len(u.steps()) == 1 {
			return &loom.DelayError{Message: "Atlassian limits the number of requests.", After: time.Second, Err: errors.New("429")}
		}
		return nil
	}
	_, p := startStepped(t, u)
	job := completeTransfer(p, 1001)
	assert.EqualValues(t, 1, job.Get("attempts"))
	assert.Equal(t, "delivered", job.Text("result.status"))
}
