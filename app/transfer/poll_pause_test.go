package transfer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestDownloadsArePolledEarlyAndThenLessOften(t *testing.T) {
	polls := func(preparing int64, until time.Duration) (at []time.Duration) {
		for now := time.Duration(0); ; {
			if now += pollPause(time.Second, now, preparing); now > until {
				return at
			}
			at = append(at, now)
		}
	}
	assert.Equal(t, []time.Duration{1 * time.Second, 2 * time.Second, 3 * time.Second, 4500 * time.Millisecond}, polls(1, 5*time.Second))
	assert.Len(t, polls(1, time.Hour), 70, "a minute between two polls in the end")
	for preparing := int64(1); preparing <= maxPreparing; preparing++ {
		requests := int64(len(polls(preparing, time.Minute))) * preparing
		assert.LessOrEqual(t, requests, int64(30), "%d files", preparing)
	}
	assert.Equal(t, 10*time.Minute, pollPause(10*time.Minute, time.Hour, 1), "a longer setting is respected")
	assert.Equal(t, time.Second, pollPause(time.Second, -time.Hour, 1), "a clock that was set back")
}
