package queue_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestChangesAreDeliveredOnceAndInOrder(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 10)
	var mu sync.Mutex
	var delivered []queue.Change
	entered, block, deliveries := make(chan struct{}), make(chan struct{}), 0
	h.OnChange(func(_ context.Context, changes []queue.Change) {
		if len(changes) == 0 { // the pauses were loaded
			return
		}
		if deliveries++; deliveries == 1 {
			close(entered)
			<-block // changes until then become one delivery
		}
		mu.Lock()
		defer mu.Unlock()
		delivered = append(delivered, changes...)
	})
	require.NoError(t, h.Start(t.Context()))
	id := h.add(h.users[0], "first")
	h.RecordChanged(queue.ActionCreate, h.record(id))
	<-entered
	job := h.claim("w")
	second := h.add(h.users[1], "second")
	h.RecordChanged(queue.ActionCreate, h.record(second))
	require.NoError(t, h.Progress(*job, "half", 0.5))
	require.NoError(t, h.Complete(t.Context(), *job, nil))
	require.NoError(t, h.Cancel(h.pb, second))
	close(block)
	require.NoError(t, h.Stop(context.Background()))

	changesOf := func(id string) []queue.Change {
		return slices.DeleteFunc(slices.Clone(delivered), func(c queue.Change) bool { return c.ID != id })
	}
	indexOf := func(id string) int {
		return slices.IndexFunc(delivered, func(c queue.Change) bool { return c.ID == id })
	}
	assert.Equal(t, []queue.Change{
		{ID: id, UserID: h.users[0], Kind: "work", Status: queue.StatusPending, Action: queue.ActionCreate},
		{ID: id, UserID: h.users[0], Kind: "work", Status: queue.StatusCompleted, Action: queue.ActionUpdate},
	}, changesOf(id))
	assert.Equal(t, []queue.Change{
		{ID: second, UserID: h.users[1], Kind: "work", Status: queue.StatusCancelled, Action: queue.ActionCreate, Updated: true},
	}, changesOf(second))
	assert.Less(t, indexOf(id), indexOf(second))
}
