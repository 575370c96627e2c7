package bus_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
)

func TestCloseHandlesAndAnswersWhatWasReceived(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	mover, owner := connected(t, server.URL), connected(t, server.URL)
	started, proceed := make(chan struct{}), make(chan struct{})
	_, err := mover.Subscribe("a", "", func(m bus.Message) {
		close(started)
		<-proceed
		m.Respond([]byte("done"))
	})
	require.NoError(t, err)
	synchronize(t, mover)
	answers := make(chan string, 1)
	go func() {
		body, _ := owner.Request(t.Context(), "a", nil) // a blank answer fails the test
		answers <- string(body)
	}()
	<-started
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		mover.Close()
	}()
	select {
	case <-closed:
		t.Error("Close doesn't wait for the handler")
	case <-time.After(50 * time.Millisecond):
	}
	close(proceed)
	<-closed
	assert.Equal(t, "done", <-answers)
	expectClosed(t, mover)
	mover.Close()
}

func TestLocalThatIsClosedIsDisconnected(t *testing.T) {
	t.Parallel()
	local := bus.NewLocal()
	_, err := local.Subscribe("a", "", func(bus.Message) {})
	require.NoError(t, err)
	local.Close()
	expectClosed(t, local)
	local.Close()
}

func expectClosed(t *testing.T, conn bus.Conn) {
	t.Helper()
	assert.False(t, conn.Connected())
	require.ErrorIs(t, conn.Publish("a", nil), bus.ErrDisconnected)
	_, err := conn.Request(t.Context(), "a", nil)
	require.ErrorIs(t, err, bus.ErrDisconnected)
	_, err = conn.Subscribe("a", "", func(bus.Message) {})
	require.ErrorIs(t, err, bus.ErrDisconnected)
}

func TestCloseEndsRequests(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	conn := connected(t, server.URL)
	started := make(chan struct{})
	_, err := conn.Subscribe("silent", "", func(bus.Message) { close(started) })
	require.NoError(t, err)
	synchronize(t, conn)
	failed := make(chan error, 1)
	go func() {
		_, err := conn.Request(context.WithoutCancel(t.Context()), "silent", nil)
		failed <- err
	}()
	<-started
	conn.Close()
	assert.ErrorIs(t, <-failed, bus.ErrDisconnected)
}
