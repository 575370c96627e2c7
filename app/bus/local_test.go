package bus_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
)

func TestFaultsOfMessages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault    bus.Fault
		handled  int64
		takes    time.Duration
		answered bool
	}{
		"none":   {bus.Fault{}, 1, 0, true},
		"lose":   {bus.Fault{Lose: true}, 0, time.Minute, false},
		"repeat": {bus.Fault{Repeat: 2}, 3, 0, true},
		"delay":  {bus.Fault{Delay: time.Second}, 1, time.Second, true},
		"late":   {bus.Fault{Delay: 2 * time.Minute}, 0, time.Minute, false},
	} {
		for _, ofAnswer := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				local := bus.NewLocal()
				var handled atomic.Int64
				_, err := local.Subscribe("a", "", func(m bus.Message) { handled.Add(1); m.Respond(nil) })
				require.NoError(t, err)
				local.SetFaults(func(subject string, answer bool) bus.Fault {
					assert.Equal(t, "a", subject)
					if answer == ofAnswer {
						return c.fault
					}
					return bus.Fault{}
				})
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				_, err = local.Request(ctx, "a", nil)
				assert.Equal(t, c.answered, err == nil, "%s, of the answer: %t", name, ofAnswer)
				assert.Equal(t, c.takes, time.Since(start), "%s, of the answer: %t", name, ofAnswer)
				local.Close()
				if !ofAnswer {
					assert.Equal(t, c.handled, handled.Load(), name)
				}
			})
		}
	}
}

func TestConnectionOfALocalIsCut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		owner := bus.NewLocal()
		defer owner.Close()
		mover := owner.Join()
		answer(t, mover, "a", "movers", "yes")
		mover.SetConnected(false)
		assert.False(t, mover.Connected())
		assert.True(t, owner.Connected())
		require.ErrorIs(t, mover.Publish("a", nil), bus.ErrDisconnected)
		_, err := request(t, owner, "a", time.Second)
		require.ErrorIs(t, err, bus.ErrNoResponders)

		mover.SetConnected(true)
		text, err := request(t, owner, "a", time.Second)
		require.NoError(t, err)
		assert.Equal(t, "yes", text)
	})
}
