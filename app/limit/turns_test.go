package limit_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

func TestFurtherCallsWaitForATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := limit.NewTurns(2)
		endFirst, err := turns.Wait(t.Context(), limit.Account("ada"))
		require.NoError(t, err)
		endSecond, err := turns.Wait(t.Context(), limit.Account("ada"))
		require.NoError(t, err)
		endOther, err := turns.Wait(t.Context(), limit.Account("bob"))
		require.NoError(t, err, "another caller has turns of their own")

		var third bool
		go func() {
			end, err := turns.Wait(t.Context(), limit.Account("ada"))
			assert.NoError(t, err)
			third = true
			end()
		}()
		synctest.Wait()
		assert.False(t, third)
		endFirst()
		endFirst()
		synctest.Wait()
		assert.True(t, third)
		endSecond()
		endOther()
		assert.Zero(t, turns.Callers(), "nothing is kept for callers without turns")
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	turns := limit.NewTurns(1)
	end, err := turns.Wait(t.Context(), limit.Account("ada"))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = turns.Wait(ctx, limit.Account("ada"))
	require.ErrorIs(t, err, context.Canceled)
	end()
	assert.Zero(t, turns.Callers())
}

func TestTryDoesNotWait(t *testing.T) {
	turns := limit.NewTurns(2)
	endFirst, ok := turns.Try(limit.Account("ada"))
	require.True(t, ok)
	endSecond, err := turns.Wait(t.Context(), limit.Account("ada"))
	require.NoError(t, err)
	_, ok = turns.Try(limit.Account("ada"))
	require.False(t, ok)
	endFirst()
	endThird, ok := turns.Try(limit.Account("ada"))
	require.True(t, ok, "a turn is free again")
	endSecond()
	endThird()
	assert.Zero(t, turns.Callers(), "nothing is kept for callers without turns")
}
