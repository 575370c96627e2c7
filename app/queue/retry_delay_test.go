package queue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

func TestRetryDelayStaysWithinItsBounds(t *testing.T) {
	testseed.Check(t, func(t *rapid.T) {
		attempt := rapid.IntRange(-1, 100).Draw(t, "attempt")
		atLeast := time.Duration(rapid.Int64Range(0, int64(2*time.Hour)).Draw(t, "atLeast"))
		delay := retryDelay(attempt, atLeast)
		require.GreaterOrEqual(t, delay, atLeast)
		require.LessOrEqual(t, delay, max(retryBackoff.Max, atLeast))
		require.GreaterOrEqual(t, delay, retryBackoff.Base*3/4)
	})
}
