package transfer

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

// startCleanups returns a service whose cleanups run until the end of the test.
func startCleanups(t *testing.T) *Service {
	t.Helper()
	s := New(Config{})
	s.cleanups.group.Start(t.Context())
	require.NoError(t, s.cleanups.group.Go(s.cleanUp))
	t.Cleanup(func() { require.NoError(t, s.Stop(context.Background())) })
	return s
}

func TestCleanupsLeaveS3AloneForAMinuteAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startCleanups(t)
		var working atomic.Bool
		var calls, local atomic.Int64
		remove := func(ctx context.Context) error {
			return s.cleanups.withS3(func() error {
				if calls.Add(1); !working.Load() {
					return fmt.Errorf("remove: %w", &blob.Error{Kind: blob.KindSlow})
				}
				return nil
			})
		}
		s.cleanups.add(cleanupKey{"db", "a"}, 0, remove)
		synctest.Wait()
		s.cleanups.add(cleanupKey{"db", "b"}, 0, remove)
		s.cleanups.add(cleanupKey{"db", "disk"}, 0, func(context.Context) error { local.Add(1); return nil })
		time.Sleep(59 * time.Second) // simulated time
		synctest.Wait()
		assert.EqualValues(t, 1, calls.Load())
		assert.EqualValues(t, 1, local.Load(), "what doesn't need S3 doesn't wait")

		working.Store(true)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		assert.EqualValues(t, 3, calls.Load(), "both are repeated")
		assert.Empty(t, s.cleanups.pending)
		time.Sleep(time.Hour)
		synctest.Wait()
		assert.EqualValues(t, 3, calls.Load())
	})
}

func TestCleanupThatAlwaysFailsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startCleanups(t)
		var calls atomic.Int64
		s.cleanups.add(cleanupKey{"db", ""}, time.Minute, func(context.Context) error {
			calls.Add(1)
			return errors.New("broken")
		})
		time.Sleep(time.Minute - time.Second)
		synctest.Wait()
		assert.Zero(t, calls.Load(), "it isn't due")
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		assert.EqualValues(t, maxCleanupAttempts, calls.Load())
		assert.Empty(t, s.cleanups.pending)
	})
}

func TestCleanupsEndWhenTheServiceStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startCleanups(t)
		ended := false
		s.cleanups.add(cleanupKey{"db", "a"}, 0, func(ctx context.Context) error {
			<-ctx.Done()
			ended = true
			return ctx.Err()
		})
		synctest.Wait()
		require.NoError(t, s.Stop(t.Context()))
		assert.True(t, ended)
	})
}

func TestWaitingCleanupsAreBounded(t *testing.T) {
	s := New(Config{})
	run := func(context.Context) error { return nil }
	for i := range maxCleanups + 10 {
		s.cleanups.add(cleanupKey{"db", fmt.Sprint(i)}, 0, run)
	}
	assert.Len(t, s.cleanups.pending, maxCleanups)
	require.NoError(t, s.Stop(t.Context()))
}
