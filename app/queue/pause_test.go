package queue_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestPause(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 4)
	require.ErrorContains(t, h.Pause(t.Context(), "nothing", ""), "unknown job kind")
	running := h.add(h.users[0], "1")
	require.NotNil(t, h.claim("w"))
	h.add(h.users[0], "2")
	h.addKind("other", h.users[0], "3")
	require.NoError(t, h.Pause(t.Context(), "work", "Loom is down"))
	require.NoError(t, h.Pause(t.Context(), "work", "pausing twice is harmless"))
	assert.Equal(t, "other", h.claim("w").Kind)
	assert.Nil(t, h.claim("w"))
	assert.Equal(t, queue.StatusProcessing, h.status(running), "running jobs continue")

	restarted := h.newQueue(queue.Config{Concurrency: 4})
	require.NoError(t, restarted.Start(t.Context()))
	defer func() { require.NoError(t, restarted.Stop(context.Background())) }()
	assert.Equal(t, queue.Pauses{"work"}, restarted.Paused(), "pauses survive a restart")

	require.NoError(t, h.Pause(t.Context(), queue.AllKinds, ""))
	require.NoError(t, h.Resume(t.Context(), "work", ""))
	assert.Nil(t, h.claim("w"), "the pause of all kinds remains")
	require.NoError(t, h.Resume(t.Context(), queue.AllKinds, ""))
	assert.Equal(t, "work", h.claim("w").Kind)
}
