package backoff_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/backoff"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

func TestDelayDoublesUpToTheMaximum(t *testing.T) {
	policy := backoff.Policy{Base: time.Second, Max: 10 * time.Second}
	for attempt, want := range map[int]time.Duration{
		0: time.Second, 1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 4: 8 * time.Second, 5: 10 * time.Second, 1 << 40: 10 * time.Second,
	} {
		assert.Equal(t, want, policy.Delay(attempt), "attempt %d", attempt)
	}
}

func TestJitterOnlyShortensTheDelay(t *testing.T) {
	testseed.Check(t, func(t *rapid.T) {
		policy := backoff.Policy{
			Base:   time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "base")),
			Max:    time.Duration(rapid.Int64Range(int64(time.Hour), int64(1000*time.Hour)).Draw(t, "max")),
			Jitter: rapid.Float64Range(0, 1).Draw(t, "jitter"),
		}
		attempt := rapid.IntRange(0, 200).Draw(t, "attempt")
		whole := backoff.Policy{Base: policy.Base, Max: policy.Max}.Delay(attempt)
		wait := policy.Delay(attempt)
		if least := whole - time.Duration(float64(whole)*policy.Jitter); wait < least || wait > whole {
			t.Fatalf("delay %v is not between %v and %v", wait, least, whole)
		}
	})
}
