package natsconfig_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/natsconfig"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
)

// The three hosts are this machine, so the arguments of the program replace the ports and routes of the file.
func TestThreeHostsAreACluster(t *testing.T) {
	t.Parallel()
	dir := generate(t, options("localhost", "127.0.0.1", "::1"))
	servers := natstest.StartCluster(t, 3, "-c", filepath.Join(dir, natsconfig.ConfigFile))
	home := dial(t, dir, servers[0].Port, natsconfig.HomeSeed, natsconfig.HomeInbox)
	mover := dial(t, dir, servers[2].Port, natsconfig.MoverSeed, natsconfig.MoverInbox)
	assert.Empty(t, home.DiscoveredServers())
	_, err := mover.QueueSubscribe("f2l.1.move", "movers", func(m *nats.Msg) { _ = m.Respond([]byte("accepted")) }) // whose absence is noticed
	require.NoError(t, err)
	polltest.Until(t, 10*time.Millisecond, func() bool {
		answer, err := home.Request("f2l.1.move", nil, time.Second)
		return err == nil && string(answer.Data) == "accepted"
	}, "the offer isn't answered")
}

// A process that reaches the port of the servers must not be able to join them.
func TestServersWithoutACertificateStayOutside(t *testing.T) {
	t.Parallel()
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	servers := natstest.StartCluster(t, 2, "-c", filepath.Join(generate(t, options(hosts...)), natsconfig.ConfigFile))
	refusals := func() int { return strings.Count(servers[0].Log(), "TLS route handshake error") }
	for name, args := range map[string][]string{
		"without TLS": nil,
		"another CA":  {"-c", filepath.Join(generate(t, options(hosts...)), natsconfig.ConfigFile)},
	} {
		before := refusals()
		natstest.Start(t, append([]string{
			"--cluster_name", "test", "--cluster", "nats://" + testport.ForTest(t, 1).Address(), "--routes", servers[0].RouteURL,
		}, args...)...)
		polltest.Until(t, 10*time.Millisecond, func() bool { return refusals() > before }, "the server %s isn't refused", name)
		assert.Equal(t, 1, servers[0].Routes(), name)
	}
}
