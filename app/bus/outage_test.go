package bus_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

func TestSubscriptionContinuesAfterARestartOfTheServer(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	mover := connected(t, server.URL)
	owner, log := connect(t, bus.Config{URLs: []string{server.URL}})
	answer(t, mover, "a", "movers", "yes")
	waitForAnswer(t, owner, "a")

	server.Kill()
	waitUntilConnected(t, owner, false)
	waitUntilConnected(t, mover, false)
	_, err := owner.Request(t.Context(), "a", nil)
	require.ErrorIs(t, err, bus.ErrDisconnected)
	require.ErrorIs(t, owner.Publish("a", nil), bus.ErrDisconnected)
	answer(t, mover, "b", "", "subscribed meanwhile")

	server.Restart()
	waitUntilConnected(t, owner, true)
	assert.Equal(t, "yes", waitForAnswer(t, owner, "a"))
	assert.Equal(t, "subscribed meanwhile", waitForAnswer(t, owner, "b"))
	for text, times := range map[string]int{
		`msg="connected to the cluster"`: 1, `msg="lost the connection to the cluster"`: 1, `msg="connected to the cluster again"`: 1,
	} {
		assert.Equal(t, times, strings.Count(log.String(), text), "%s in:\n%s", text, log)
	}
}

// A subscription that the server still knew would swallow messages of its queue.
func TestSubscriptionThatEndsDuringAnOutageIsForgotten(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	mover, owner := connected(t, server.URL), connected(t, server.URL)
	stop := answer(t, mover, "a", "movers", "yes")
	waitForAnswer(t, owner, "a")
	server.Kill()
	waitUntilConnected(t, mover, false)
	stop()
	server.Restart()
	waitUntilConnected(t, owner, true)
	waitUntilConnected(t, mover, true)
	synchronize(t, mover)
	_, err := request(t, owner, "a", 10*time.Second)
	assert.ErrorIs(t, err, bus.ErrNoResponders)
}

func TestFrozenServerIsNoticed(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	conn := connected(t, server.URL)
	answer(t, conn, "a", "", "yes")
	waitForAnswer(t, conn, "a")
	server.Freeze()
	start := time.Now()
	_, err := request(t, conn, "a", 50*time.Millisecond)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	waitUntilConnected(t, conn, false)
	assert.Less(t, time.Since(start), 10*time.Second, "3 s, if the machine isn't busy")

	// Now nats.go tries again and again, for 2 s each time, in which most of its methods wait.
	var slowest time.Duration
	start = time.Now()
	polltest.Until(t, interval, func() bool {
		before := time.Now()
		_, err = request(t, conn, "a", time.Minute)
		require.ErrorIs(t, err, bus.ErrDisconnected)
		require.ErrorIs(t, conn.Publish("a", nil), bus.ErrDisconnected)
		require.False(t, conn.Connected())
		slowest = max(slowest, time.Since(before))
		return time.Since(start) > 3*time.Second
	}, "time stands still")
	assert.Less(t, slowest, time.Second)
	server.Thaw()
	waitUntilConnected(t, conn, true)
	assert.Equal(t, "yes", waitForAnswer(t, conn, "a"))
}

// A request that waits when the connection is lost must not wait for nats.go, which is busy connecting.
func TestRequestEndsInTimeAlthoughTheServerIsFrozen(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	conn := connected(t, server.URL)
	answer(t, conn, "a", "", "yes")
	waitForAnswer(t, conn, "a")
	server.Freeze()
	defer server.Thaw()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		_, err := conn.Request(ctx, "a", nil)
		failed <- err
	}()
	waitUntilConnected(t, conn, false)
	ended := time.Now()
	polltest.Until(t, 100*time.Millisecond, func() bool { return time.Since(ended) > 300*time.Millisecond }, "time stands still")
	ended = time.Now()
	cancel()
	require.ErrorIs(t, <-failed, context.Canceled)
	assert.Less(t, time.Since(ended), time.Second)
}

// The server sends messages to a subscriber until it hears that the subscription ends.
func TestNoRequestIsLostWhenAMemberLeavesItsQueue(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	owner := connected(t, server.URL)
	answer(t, connected(t, server.URL), "a", "movers", "yes")
	waitForAnswer(t, owner, "a")
	leaving := connected(t, server.URL)
	ctx, cancel := context.WithCancel(t.Context())
	var requests sync.WaitGroup
	for range 4 {
		requests.Go(func() {
			for ctx.Err() == nil {
				_, err := request(t, owner, "a", 15*time.Second)
				assert.NoError(t, err)
			}
		})
	}
	for range 300 {
		stop := answer(t, leaving, "a", "movers", "yes")
		synchronize(t, leaving)
		stop()
	}
	cancel()
	requests.Wait()
}

func TestAnotherServerOfTheClusterTakesOver(t *testing.T) {
	t.Parallel()
	servers := natstest.StartCluster(t, 3)
	urls := []string{servers[0].URL, servers[1].URL, servers[2].URL}
	mover := connected(t, servers[1].URL, servers[2].URL)
	owner := connected(t, urls...)
	answer(t, mover, "a", "movers", "yes")
	for _, server := range servers { // one after the other, so that of the owner is among them
		waitForAnswer(t, owner, "a")
		server.Kill()
		assert.Equal(t, "yes", waitForAnswer(t, owner, "a"))
		server.Restart()
		waitUntilConnected(t, mover, true)
	}
}

// Servers that clients are told about by other servers may be out of their reach.
func TestOnlyServersOfTheSettingsAreUsed(t *testing.T) {
	t.Parallel()
	servers := natstest.StartCluster(t, 2)
	conn := connected(t, servers[0].URL)
	servers[0].Kill()
	waitUntilConnected(t, conn, false)
	answerer := connected(t, servers[1].URL)
	answer(t, answerer, "a", "", "yes")
	waitForAnswer(t, answerer, "a")
	assert.False(t, conn.Connected())
	servers[0].Restart()
	assert.Equal(t, "yes", waitForAnswer(t, conn, "a"))
}
