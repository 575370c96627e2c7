package jobfeed_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// hasOverview reports whether a stream receives a second overview within a time, if several streams receive them.
func hasOverview(t *testing.T, streams int, within time.Duration) bool {
	t.Helper()
	h := newHarness(t)
	var reader *stream
	for user := h.user(0); streams > 0; streams-- {
		reader = h.subscribe(user, "queue")
	}
	h.add(0, `{"n":0}`)
	var overview queue.Overview
	for len(overview.Positions) == 0 { // the first may have been read before the job was created
		reader.next(&overview)
	}
	h.add(0, `{"n":1}`)
	select {
	case <-reader.Channel():
		return true
	case <-time.After(within):
		return false
	}
}

func TestOverviewsOfManyStreamsAreSentLessOften(t *testing.T) {
	t.Parallel()
	t.Run("1000 streams", func(t *testing.T) {
		t.Parallel()
		assert.True(t, hasOverview(t, 1000, 20*time.Second))
	})
	t.Run("1001 streams", func(t *testing.T) {
		t.Parallel()
		assert.False(t, hasOverview(t, 1001, 4*time.Second))
	})
}
