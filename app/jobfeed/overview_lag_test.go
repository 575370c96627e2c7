package jobfeed_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// slowClock returns a clock that advances by a tenth of a second whenever it is read, as if the database were slow.
func slowClock() func() time.Time {
	var reads atomic.Int64
	return func() time.Time { return time.Now().Add(time.Duration(reads.Add(1)) * 100 * time.Millisecond) }
}

func TestTheLastChangeReachesSubscribersOfASlowQueue(t *testing.T) {
	t.Parallel()
	h := newHarnessAt(t, slowClock())
	user, superuser := h.subscribe(h.user(0), "queue"), h.subscribe(h.superuser(), "queue")
	for want := range 3 {
		h.add(0, fmt.Sprintf(`{"n":%d}`, want)) // the queue was read just before, and isn't read again at once
		var overview queue.Overview
		for len(overview.Positions) <= want {
			overview = queue.Overview{}
			user.next(&overview)
		}
		var stats queue.Stats
		for stats.Waiting <= want {
			superuser.next(&stats)
		}
		assert.Equal(t, want+1, stats.Statuses[queue.StatusPending])
		assert.Zero(t, stats.Statuses[queue.StatusCompleted])
	}
}
