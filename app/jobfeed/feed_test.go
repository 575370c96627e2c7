package jobfeed_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

const allJobs = "global_queue/*"

func TestOnlyTheOwnerAndSuperusersReceiveAChange(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	owner, other := h.subscribe(h.user(0), allJobs), h.subscribe(h.user(1), allJobs)
	superuser, guest := h.subscribe(h.superuser(), allJobs), h.subscribe(nil, allJobs)
	first := h.add(0, `{"n":1}`)
	assert.Equal(t, [2]string{"create", first}, owner.nextJob())
	assert.Equal(t, [2]string{"create", first}, superuser.nextJob())
	second := h.add(1, `{"n":2}`)
	assert.Equal(t, [2]string{"create", second}, other.nextJob(), "the first message is about the client's own job")
	assert.Equal(t, [2]string{"create", second}, superuser.nextJob())
	select {
	case <-guest.Channel():
		t.Error("a guest received a message")
	default:
	}
}

func TestAMessageHasTheLatestStateAndOnlyVisibleFields(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	owner, superuser := h.subscribe(h.user(0), allJobs), h.subscribe(h.superuser(), allJobs)
	id := h.add(0, `{}`)
	require.Equal(t, [2]string{"create", id}, owner.nextJob())
	require.Equal(t, [2]string{"create", id}, superuser.nextJob())
	job, err := h.queue.Claim(t.Context(), "worker-1")
	require.NoError(t, err)

	m := superuser.next(nil)
	assert.Equal(t, "update", m.Action)
	assert.Equal(t, "processing", m.Record["status"])
	assert.Equal(t, "worker-1", m.Record["worker_id"])
	m = owner.next(nil)
	assert.Equal(t, "processing", m.Record["status"])
	assert.NotContains(t, m.Record, "worker_id")
	require.NoError(t, h.queue.Complete(t.Context(), *job, nil))
	assert.Equal(t, "completed", owner.next(nil).Record["status"])
}

func TestADeletedJobIsSentWithItsLastState(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	owner := h.subscribe(h.user(0), allJobs)
	id := h.add(0, `{"n":1}`)
	require.Equal(t, [2]string{"create", id}, owner.nextJob())
	job, err := h.queue.Find(id)
	require.NoError(t, err)
	require.NoError(t, h.pb.Delete(job))
	m := owner.next(nil)
	assert.Equal(t, "delete", m.Action)
	assert.Equal(t, id, m.Record["id"])
	assert.Equal(t, "pending", m.Record["status"])
}

func TestTopics(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	collection, err := h.pb.FindCollectionByNameOrId("global_queue")
	require.NoError(t, err)
	id, otherID := h.add(0, `{"n":1}`), h.add(0, `{"n":2}`)
	owner := h.user(0)
	matching := map[string]*stream{}
	for _, topic := range []string{
		"global_queue", allJobs, "global_queue/" + id, collection.Id, collection.Id + "/*", collection.Id + "/" + id,
	} {
		matching[topic] = h.subscribe(owner, topic)
	}
	otherJob := h.subscribe(owner, "global_queue/"+otherID)
	require.NoError(t, h.queue.Cancel(h.pb, id))
	for topic, s := range matching {
		m := s.next(nil)
		for m.Record["id"] != id || m.Record["status"] != "cancelled" { // the creations may be delivered after the subscription
			m = s.next(nil)
		}
		assert.Equal(t, topic, m.topic)
	}
	require.NoError(t, h.queue.Cancel(h.pb, otherID))
	for status := any(nil); status != "cancelled"; {
		m := otherJob.next(nil)
		require.Equal(t, otherID, m.Record["id"], "a subscription to one job receives no other")
		status = m.Record["status"]
	}
}

func TestHandles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	collection, err := h.pb.FindCollectionByNameOrId("global_queue")
	require.NoError(t, err)
	for topic, want := range map[string]bool{
		"global_queue":                        true,
		"global_queue/*":                      true,
		"global_queue/abc":                    true,
		collection.Id + "/*":                  true,
		"global_queue/*?options=%7B%7D":       true,
		collection.Id + "/abc?options=%7B%7D": true,
		"global_queue_archive/*":              false,
		"users/*":                             false,
		"queue":                               false,
		"":                                    false,
	} {
		assert.Equal(t, want, h.feed.Handles(topic), topic)
	}
}

func TestChangesOfManyJobsAreSentInOrder(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	owner := h.subscribe(h.user(0), allJobs)
	var want, got [][2]string
	for i := range 450 { // more than two batches
		want = append(want, [2]string{"create", h.add(0, fmt.Sprintf(`{"n":%d}`, i))})
	}
	for range want {
		got = append(got, owner.nextJob())
	}
	assert.Equal(t, want, got)
}

func TestOverviewsAreSentWhenTheyChange(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	user, superuser := h.subscribe(h.user(0), "queue"), h.subscribe(h.superuser(), "queue")
	h.add(1, `{}`)
	var overview queue.Overview
	for overview.Waiting == 0 { // the first overview may have been read before the job was created
		assert.Equal(t, "queue", user.next(&overview).topic)
	}
	assert.Empty(t, overview.Positions, "the job belongs to another user")
	late := h.subscribe(h.user(0), "queue")
	require.NoError(t, h.queue.LoadPauses(t.Context())) // announces a change, but nothing changes
	late.next(&overview)
	require.Empty(t, overview.Paused)
	require.NoError(t, h.queue.Pause(t.Context(), "work", ""))
	user.next(&overview)
	assert.Equal(t, queue.Pauses{"work"}, overview.Paused, "an unchanged overview is not sent again")
	var stats queue.Stats
	for len(stats.Paused) == 0 {
		superuser.next(&stats)
	}
	assert.Equal(t, 1, stats.Statuses[queue.StatusPending], "superusers receive the stats")
}

func TestStopWaitsForMessages(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	owner := h.subscribe(h.user(0), allJobs)
	id := h.add(0, `{}`)
	require.NoError(t, h.queue.Stop(t.Context())) // delivers the change
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, h.feed.Stop(ctx), context.Canceled, "the client has not read its message")
	assert.Equal(t, [2]string{"create", id}, owner.nextJob())
	require.NoError(t, h.feed.Stop(t.Context()))
}
