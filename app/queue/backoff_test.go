package queue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestBackoff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attempt := rapid.IntRange(-1, 100).Draw(t, "attempt")
		atLeast := time.Duration(rapid.Int64Range(0, int64(2*time.Hour)).Draw(t, "atLeast"))
		wait := backoff(attempt, atLeast)
		require.GreaterOrEqual(t, wait, atLeast)
		require.LessOrEqual(t, wait, max(backoffMax, atLeast))
		require.GreaterOrEqual(t, wait, backoffBase*3/4)
	})
}
