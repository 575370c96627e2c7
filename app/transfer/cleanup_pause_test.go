package transfer

import (
	"context"
	"errors"
	"fmt"
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
		broken, calls, local := true, 0, 0
		remove := func(ctx context.Context) error {
			return s.cleanups.withS3(func() error {
				if calls++; broken {
					return fmt.Errorf("remove: %w", &blob.Error{Kind: blob.KindSlow})
				}
				return nil
			})
		}
		s.cleanups.add(cleanupKey{"db", "a"}, 0, remove)
		synctest.Wait()
		s.cleanups.add(cleanupKey{"db", "b"}, 0, remove)
		s.cleanups.add(cleanupKey{"db", "disk"}, 0, func(context.Context) error { local++; return nil })
		time.Sleep(59 * time.Second) // simulated time
		synctest.Wait()
		assert.Equal(t, 1, calls)
		assert.Equal(t, 1, local, "what doesn't need S3 doesn't wait")

		broken = false
		time.Sleep(2 * time.Second)
		synctest.Wait()
		assert.Equal(t, 3, calls, "both are repeated")
		assert.Empty(t, s.cleanups.pending)
		time.Sleep(time.Hour)
		synctest.Wait()
		assert.Equal(t, 3, calls)
	})
}

func TestCleanupThatAlwaysFailsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startCleanups(t)
		calls := 0
		s.cleanups.add(cleanupKey{"db", ""}, time.Minute, func(context.Context) error { calls++; return errors.New("broken") })
		time.Sleep(time.Minute - time.Second)
		synctest.Wait()
		assert.Zero(t, calls, "it isn't due")
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		assert.Equal(t, maxCleanupAttempts, calls)
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
