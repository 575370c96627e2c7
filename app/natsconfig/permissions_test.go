package natsconfig_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/natsconfig"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
)

// client is a connection with a seed.
type client struct {
	*nats.Conn
	last error // that the server has reported before
}

func dial(t *testing.T, dir string, port int, seed, inbox string) *client {
	t.Helper()
	key, err := nats.NkeyOptionFromSeed(filepath.Join(dir, seed))
	require.NoError(t, err)
	conn, err := nats.Connect(fmt.Sprintf("tls://localhost:%d", port), key, nats.RootCAs(filepath.Join(dir, natsconfig.CAFile)),
		nats.CustomInboxPrefix(inbox), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})) // or it prints them
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	return &client{Conn: conn}
}

// isRefused reports whether the server has refused something since the last call.
func (c *client) isRefused(t *testing.T) bool {
	t.Helper()
	require.NoError(t, c.Flush()) // refusals come before the answer to this
	previous := c.last
	c.last = c.LastError()
	if c.last == previous { // each is another value
		return false
	}
	assert.ErrorIs(t, c.last, nats.ErrPermissionViolation)
	return true
}

func start(t *testing.T) (home, mover *client, dir string, port int) {
	t.Helper()
	dir = generate(t, options("localhost"))
	server := natstest.Start(t, "-c", filepath.Join(dir, natsconfig.ConfigFile))
	home = dial(t, dir, server.Port, natsconfig.HomeSeed, natsconfig.HomeInbox)
	mover = dial(t, dir, server.Port, natsconfig.MoverSeed, natsconfig.MoverInbox)
	return home, mover, dir, server.Port
}

func TestMoversTakeOffersAndReport(t *testing.T) {
	t.Parallel()
	home, mover, _, _ := start(t)
	answer := func(text string) nats.MsgHandler {
		return func(m *nats.Msg) { _ = m.Respond([]byte(text)) } // whose absence is noticed
	}
	_, err := mover.QueueSubscribe("f2l.1.move", "movers", answer("accepted"))
	require.NoError(t, err)
	_, err = home.Subscribe("f2l.1.o.boot.>", answer("ok"))
	require.NoError(t, err)
	nodes, err := home.SubscribeSync("f2l.1.node.*")
	require.NoError(t, err)
	require.False(t, mover.isRefused(t))
	require.False(t, home.isRefused(t))

	taken, err := home.Request("f2l.1.move", make([]byte, 500<<10), time.Minute)
	require.NoError(t, err)
	assert.Equal(t, "accepted", string(taken.Data))
	reported, err := mover.Request("f2l.1.o.boot.task.1", nil, time.Minute)
	require.NoError(t, err)
	assert.Equal(t, "ok", string(reported.Data))
	require.NoError(t, mover.Publish("f2l.1.node.m1", nil))
	_, err = nodes.NextMsg(time.Minute)
	require.NoError(t, err)
	assert.False(t, mover.isRefused(t))
	assert.False(t, home.isRefused(t))
}

func TestNothingElseIsPermitted(t *testing.T) {
	t.Parallel()
	home, mover, _, _ := start(t)
	for _, c := range []struct {
		client         *client
		subject, queue string
	}{
		{mover, ">", ""},
		{mover, ">", "movers"},
		{mover, "f2l.>", ""},
		{mover, "f2l.1.*", "movers"},
		{mover, "f2l.1.o.>", ""},
		{mover, "f2l.1.o.boot.task.1", ""},
		{mover, "f2l.1.node.>", ""},
		{mover, "f2l.1.node.m1", ""},
		{mover, "f2l.1.move", ""},
		{mover, "f2l.1.move", "others"},
		{mover, "_INBOX_home.>", ""},
		{mover, "_INBOX.>", ""},
		{mover, "*.*.*", ""},
		{mover, "$SYS.>", ""},
		{home, ">", ""},
		{home, "f2l.1.move", ""},
		{home, "f2l.1.move", "movers"},
		{home, "_INBOX_mover.>", ""},
		{home, "_INBOX.>", ""},
		{home, "f2l.1.>", ""},
		{home, "f2l.2.o.>", ""},
	} {
		sub, err := c.client.QueueSubscribe(c.subject, c.queue, func(*nats.Msg) {})
		require.NoError(t, err)
		assert.True(t, c.client.isRefused(t), "subscription to %s %s", c.subject, c.queue)
		_ = sub.Unsubscribe() // the server doesn't know it
	}
	for _, c := range []struct {
		client  *client
		subject string
	}{
		{mover, "f2l.1.move"},
		{mover, "f2l.1.node.a.b"},
		{mover, "f2l.1.other"},
		{mover, "f2l.2.o.boot.task.1"},
		{mover, "_INBOX_home.x"},
		{mover, "_INBOX_mover.x"},
		{home, "f2l.1.o.boot.task.1"},
		{home, "f2l.1.node.m1"},
		{home, "f2l.1.other"},
		{home, "_INBOX_mover.x"},
		{home, "$SYS.REQ.SERVER.PING"},
	} {
		require.NoError(t, c.client.Publish(c.subject, nil))
		assert.True(t, c.client.isRefused(t), "message to %s", c.subject)
	}
	for _, c := range []*client{home, mover} { // still connected, and permitted what they need
		require.NoError(t, c.Flush())
	}
}

func TestOnlyHoldersOfASeedConnectAndOnlyWithTLS(t *testing.T) {
	t.Parallel()
	_, _, dir, port := start(t)
	ca := nats.RootCAs(filepath.Join(dir, natsconfig.CAFile))
	url := fmt.Sprintf("tls://localhost:%d", port)
	_, err := nats.Connect(url, ca)
	require.ErrorIs(t, err, nats.ErrAuthorization)
	_, err = nats.Connect(url, ca, nats.UserInfo("home", ""))
	require.ErrorIs(t, err, nats.ErrAuthorization)
	foreign, err := nats.NkeyOptionFromSeed(filepath.Join(generate(t, options("localhost")), natsconfig.HomeSeed))
	require.NoError(t, err)
	_, err = nats.Connect(url, ca, foreign)
	require.ErrorIs(t, err, nats.ErrAuthorization)
	own, err := nats.NkeyOptionFromSeed(filepath.Join(dir, natsconfig.HomeSeed))
	require.NoError(t, err)
	_, err = nats.Connect(strings.Replace(url, "tls:", "nats:", 1), own)
	require.ErrorContains(t, err, "unknown authority", "the server insists on TLS")
}
