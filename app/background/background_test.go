package background_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
)

func TestStopCancelsAndWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var group background.Group
		group.Start(t.Context())
		finished := false
		require.NoError(t, group.Go(func(ctx context.Context) {
			<-ctx.Done()
			time.Sleep(time.Second) // simulated time: what is left to do after the cancellation
			finished = true
		}))
		require.NoError(t, group.Stop(t.Context()))
		assert.True(t, finished)
	})
}

func TestStopReturnsWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var group background.Group
		group.Start(t.Context())
		release := make(chan struct{})
		require.NoError(t, group.Go(func(context.Context) { <-release }))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.ErrorIs(t, group.Stop(ctx), context.DeadlineExceeded)
		close(release)
		require.NoError(t, group.Stop(t.Context()))
	})
}

func TestNothingRunsOutsideTheLifetime(t *testing.T) {
	var group background.Group
	ran := false
	run := func(context.Context) error { ran = true; return nil }
	require.ErrorIs(t, group.Run(run), background.ErrNotRunning)
	require.NoError(t, group.Stop(t.Context()))
	group.Start(t.Context())
	require.NoError(t, group.Stop(t.Context()))
	require.ErrorIs(t, group.Run(run), background.ErrNotRunning)
	require.ErrorIs(t, group.Go(func(context.Context) { ran = true }), background.ErrNotRunning)
	assert.False(t, ran)
	assert.False(t, group.Running())
}

func TestWorkOutlivesTheContextOfStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var group background.Group
	group.Start(ctx)
	cancel()
	failure := errors.New("from the work")
	err := group.Run(func(ctx context.Context) error { return errors.Join(ctx.Err(), failure) })
	assert.Equal(t, failure.Error(), err.Error())
	require.NoError(t, group.Stop(t.Context()))
}

func TestSignalsBeforeAReceiveCountAsOne(t *testing.T) {
	wake := background.NewWake()
	wake.Signal()
	wake.Signal()
	<-wake.C()
	select {
	case <-wake.C():
		t.Error("two signals were received")
	default:
	}
}
