package bus_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

func TestMessageThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	conn := connected(t, server.URL)
	large := make([]byte, 1<<20+1)
	require.ErrorContains(t, conn.Publish("a", large), "maximum payload")
	_, err := conn.Request(t.Context(), "a", large)
	require.ErrorContains(t, err, "maximum payload")
	assert.True(t, conn.Connected())
}

func TestLostMessagesAreLogged(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	sender := connected(t, server.URL)
	receiver, log := connect(t, bus.Config{URLs: []string{server.URL}})
	proceed := make(chan struct{})
	_, err := receiver.Subscribe("many", "", func(bus.Message) { <-proceed })
	require.NoError(t, err)
	answer(t, receiver, "another", "", "yes")
	synchronize(t, receiver)
	for range 3000 {
		require.NoError(t, sender.Publish("many", nil))
	}
	assert.Equal(t, "yes", waitForAnswer(t, sender, "another"), "other subscriptions don't suffer")
	polltest.Until(t, interval, func() bool { return strings.Contains(log.String(), "messages of the cluster are lost") }, "nothing is logged")
	assert.Equal(t, 1, strings.Count(log.String(), "subject=many"), "repeated in:\n%s", log)
	close(proceed)
}

func TestMissingPermissionsAreLogged(t *testing.T) {
	t.Parallel()
	path, public := newSeed(t)
	config := write(t, filepath.Join(t.TempDir(), "nats.conf"), `authorization { users: [ { nkey: `+public+`
		permissions: { publish: { deny: "secret" }, subscribe: { deny: "secret" } } } ] }`)
	server := natstest.Start(t, "-c", config)
	conn, log := connect(t, bus.Config{URLs: []string{server.URL}, Seed: path})
	waitUntilConnected(t, conn, true)
	_, err := request(t, conn, "secret", 300*time.Millisecond)
	require.Error(t, err)
	_, err = conn.Subscribe("secret", "", func(bus.Message) {})
	require.NoError(t, err)
	for _, text := range []string{"Publish to", "Subscription to"} {
		polltest.Until(t, interval, func() bool { return strings.Contains(log.String(), "Permissions Violation for "+text) }, "not in the log: %s", text)
	}
}

func TestInboxPrefixIsUsed(t *testing.T) {
	t.Parallel()
	path, public := newSeed(t)
	config := write(t, filepath.Join(t.TempDir(), "nats.conf"), `authorization { users: [ { nkey: `+public+`
		permissions: { subscribe: { allow: ["a", "_INBOX_mover.>"] } } } ] }`)
	server := natstest.Start(t, "-c", config)
	conn, _ := connect(t, bus.Config{URLs: []string{server.URL}, Seed: path, InboxPrefix: "_INBOX_mover"})
	waitUntilConnected(t, conn, true)
	answer(t, conn, "a", "", "yes")
	assert.Equal(t, "yes", waitForAnswer(t, conn, "a"))
}
