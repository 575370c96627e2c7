package bus_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

// onBoth runs a test with a Local and with NATS. join returns another connection to the same cluster.
func onBoth(t *testing.T, test func(t *testing.T, join func() bus.Conn)) {
	t.Parallel()
	t.Run("Local", func(t *testing.T) {
		t.Parallel()
		local := bus.NewLocal()
		t.Cleanup(local.Close)
		test(t, func() bus.Conn { return local.Join() })
	})
	t.Run("NATS", func(t *testing.T) {
		t.Parallel()
		server := natstest.Start(t)
		test(t, func() bus.Conn { return connected(t, server.URL) })
	})
}

func TestRequestIsAnswered(t *testing.T) {
	onBoth(t, func(t *testing.T, join func() bus.Conn) {
		owner, mover := join(), join()
		_, err := mover.Subscribe("a.*", "", func(m bus.Message) { m.Respond([]byte(m.Subject + " " + string(m.Body))) })
		require.NoError(t, err)
		synchronize(t, mover)
		body, err := owner.Request(t.Context(), "a.b", []byte("text"))
		require.NoError(t, err)
		assert.Equal(t, "a.b text", string(body))
		require.NoError(t, owner.Publish("a.b", nil), "the answer goes nowhere")
	})
}

func TestRequestWithoutSubscribersFailsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, join func() bus.Conn) {
		conn := join()
		_, err := conn.Request(t.Context(), "a", nil)
		require.ErrorIs(t, err, bus.ErrNoResponders)
		stop := answer(t, conn, "a", "q", "")
		waitForAnswer(t, conn, "a")
		stop()
		stop()
		polltest.Until(t, interval, func() bool {
			_, err = request(t, conn, "a", time.Second)
			return err != nil
		}, "the subscription doesn't end")
		assert.ErrorIs(t, err, bus.ErrNoResponders)
	})
}

func TestRequestWaitsUntilItsContextEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, join func() bus.Conn) {
		conn := join()
		_, err := conn.Subscribe("silent", "", func(bus.Message) {})
		require.NoError(t, err)
		synchronize(t, conn)
		_, err = request(t, conn, "silent", 20*time.Millisecond)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = conn.Request(ctx, "silent", nil)
		assert.ErrorIs(t, err, context.Canceled)
	})
}

func TestOneOfAQueueReceivesEachMessage(t *testing.T) {
	onBoth(t, func(t *testing.T, join func() bus.Conn) {
		const messages = 100
		var inQueue, others, last atomic.Int64
		members := make([]atomic.Int64, 3)
		for i := range members {
			conn := join()
			_, err := conn.Subscribe("a", "queue", func(bus.Message) { members[i].Add(1); inQueue.Add(1) })
			require.NoError(t, err)
			_, err = conn.Subscribe("a", "", func(bus.Message) { others.Add(1) })
			require.NoError(t, err)
			_, err = conn.Subscribe("last", "", func(bus.Message) { last.Add(1) })
			require.NoError(t, err)
			synchronize(t, conn)
		}
		sender := join()
		for range messages {
			require.NoError(t, sender.Publish("a", nil))
		}
		polltest.Until(t, interval, func() bool { return inQueue.Load() >= messages && others.Load() >= 3*messages }, "messages are missing")
		require.NoError(t, sender.Publish("last", nil)) // comes after all others
		polltest.Until(t, interval, func() bool { return last.Load() == 3 }, "the last message is missing")
		assert.EqualValues(t, messages, inQueue.Load())
		assert.EqualValues(t, 3*messages, others.Load())
		for i := range members {
			assert.Positive(t, members[i].Load(), "member %d of the queue has received nothing", i)
		}
	})
}

// The subscriptions in which each message is expected, so that Local matches subjects as nats-server does.
func TestSubjectsMatch(t *testing.T) {
	patterns := []string{"a", "a.b", "a.*", "*.b", "*", "a.>", ">", "a.*.c", "a.b.c", "a.*.>", "*.*"}
	for subject, want := range map[string]string{
		"a":       "a|*|>",
		"a.b":     "a.b|a.*|*.b|a.>|>|*.*",
		"b.b":     "*.b|>|*.*",
		"a.b.c":   "a.>|>|a.*.c|a.b.c|a.*.>",
		"a.x.c.d": "a.>|>|a.*.>",
		"ab":      "*|>",
	} {
		t.Run(subject, func(t *testing.T) {
			onBoth(t, func(t *testing.T, join func() bus.Conn) {
				receiver, sender := join(), join()
				got := make([]atomic.Bool, len(patterns))
				var last atomic.Bool
				for i, pattern := range patterns {
					_, err := receiver.Subscribe(pattern, "", func(m bus.Message) {
						if m.Subject == subject {
							got[i].Store(true)
						}
					})
					require.NoError(t, err)
				}
				_, err := receiver.Subscribe("last", "", func(bus.Message) { last.Store(true) })
				require.NoError(t, err)
				synchronize(t, receiver)
				require.NoError(t, sender.Publish(subject, nil))
				require.NoError(t, sender.Publish("last", nil))
				list := func() string {
					var found []string
					for i, pattern := range patterns {
						if got[i].Load() {
							found = append(found, pattern)
						}
					}
					return strings.Join(found, "|")
				}
				polltest.Until(t, interval, func() bool { return last.Load() && len(list()) >= len(want) }, "%s was received only by %s", subject, list())
				assert.Equal(t, want, list())
			})
		})
	}
}

func TestInvalidSubjectIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, join func() bus.Conn) {
		conn := join()
		for _, subject := range []string{"", "a b", "a..b", "a."} {
			_, err := conn.Subscribe(subject, "", func(bus.Message) {})
			assert.Error(t, err, "subscription to %q", subject)
		}
		for _, subject := range []string{"", "a b"} {
			require.Error(t, conn.Publish(subject, nil), "message to %q", subject)
			_, err := conn.Request(t.Context(), subject, nil)
			assert.Error(t, err, "request to %q", subject)
		}
	})
}

func TestHandlerGetsOneMessageAtATimeInOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, join func() bus.Conn) {
		const messages = 500
		receiver, sender := join(), join()
		var running, most atomic.Int64
		var mu sync.Mutex
		var got []string
		_, err := receiver.Subscribe("a", "", func(m bus.Message) {
			most.Store(max(most.Load(), running.Add(1)))
			defer running.Add(-1)
			mu.Lock()
			defer mu.Unlock()
			got = append(got, string(m.Body))
		})
		require.NoError(t, err)
		synchronize(t, receiver)
		var want []string
		for i := range messages {
			want = append(want, fmt.Sprint(i))
			require.NoError(t, sender.Publish("a", []byte(want[i])))
		}
		count := func() int { mu.Lock(); defer mu.Unlock(); return len(got) }
		polltest.Until(t, interval, func() bool { return count() == messages }, "messages are missing")
		assert.Equal(t, want, got)
		assert.EqualValues(t, 1, most.Load())
	})
}

func TestStopKeepsReceivedMessages(t *testing.T) {
	onBoth(t, func(t *testing.T, join func() bus.Conn) {
		const messages = 100
		receiver, sender := join(), join()
		proceed := make(chan struct{})
		var handled atomic.Int64
		stop, err := receiver.Subscribe("a", "", func(bus.Message) { <-proceed; handled.Add(1) })
		require.NoError(t, err)
		answer(t, receiver, "last", "", "")
		synchronize(t, receiver)
		for range messages {
			require.NoError(t, sender.Publish("a", nil))
		}
		waitForAnswer(t, sender, "last") // so the receiver has all of them
		stop()                           // doesn't wait
		polltest.Until(t, interval, func() bool {
			_, err := request(t, sender, "a", time.Second)
			return err != nil
		}, "the subscription doesn't end")
		close(proceed)
		polltest.Until(t, interval, func() bool { return handled.Load() >= messages }, "only %d messages were handled", handled.Load())
	})
}
