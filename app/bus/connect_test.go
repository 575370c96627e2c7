package bus_test

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/app/natsconfig"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
)

func write(t *testing.T, path, content string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestInvalidSettingsAreErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	junk := write(t, filepath.Join(dir, "junk"), "SUAsecret content")
	account, err := nkeys.CreateAccount()
	require.NoError(t, err)
	seed, err := account.Seed()
	require.NoError(t, err)
	ofAccount := write(t, filepath.Join(dir, "account.nk"), string(seed))
	valid := []string{"nats://127.0.0.1:1"}
	for name, c := range map[string]struct {
		cfg  bus.Config
		want string
	}{
		"no URL":           {bus.Config{}, "the cluster has no URL"},
		"not a URL":        {bus.Config{URLs: []string{"nats://user:secret@%zz"}}, "URL 1 of the cluster"},
		"password":         {bus.Config{URLs: []string{valid[0], "nats://user:secret@host"}}, "URL 2 of the cluster"},
		"no seed file":     {bus.Config{URLs: valid, Seed: filepath.Join(dir, "none")}, "seed file of the cluster"},
		"no seed":          {bus.Config{URLs: valid, Seed: junk}, "seed file of the cluster"},
		"an account's":     {bus.Config{URLs: valid, Seed: ofAccount}, "seed file of the cluster"},
		"no CA file":       {bus.Config{URLs: valid, CA: filepath.Join(dir, "none")}, "CA file of the cluster"},
		"not certificates": {bus.Config{URLs: valid, CA: junk}, "CA file of the cluster"},
	} {
		c.cfg.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
		_, err := bus.Connect(c.cfg)
		require.ErrorContains(t, err, c.want, name)
		assert.NotContains(t, err.Error(), "secret", name)
		assert.NotContains(t, err.Error(), string(seed), name)
	}
}

func TestConnectDoesNotWaitForServers(t *testing.T) {
	t.Parallel()
	frozen := natstest.Start(t)
	frozen.Freeze()
	start := time.Now()
	conn, log := connect(t, bus.Config{URLs: []string{frozen.URL, strings.Replace(frozen.URL, "127.0.0.1", "localhost", 1)}})
	assert.Less(t, time.Since(start), 1900*time.Millisecond, "one attempt takes 2 s")
	assert.False(t, conn.Connected())
	polltest.Until(t, interval, func() bool { return strings.Contains(log.String(), "failed to connect to the cluster") }, "the failure isn't logged")
	frozen.Thaw()
	waitUntilConnected(t, conn, true)
	assert.NotContains(t, log.String(), "not tried yet")
}

func TestConnectionIsEstablishedWhenTheServerStarts(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	server.Kill()
	conn, log := connect(t, bus.Config{URLs: []string{server.URL}})
	assert.False(t, conn.Connected())
	answer(t, conn, "a", "", "yes")
	server.Restart()
	assert.Equal(t, "yes", waitForAnswer(t, conn, "a"))
	assert.Equal(t, 1, strings.Count(log.String(), "connection refused"), "repeated in:\n%s", log)
}

func TestCloseWithoutAServer(t *testing.T) {
	t.Parallel()
	conn, _ := connect(t, bus.Config{URLs: []string{"nats://" + testport.ForTest(t, 1).Address()}})
	_, err := conn.Subscribe("a", "", func(bus.Message) {})
	require.NoError(t, err)
	conn.Close()
	expectClosed(t, conn)
}

// newSeed returns the path of the seed of a new key, and its public half.
func newSeed(t *testing.T) (path, public string) {
	t.Helper()
	pair, err := nkeys.CreateUser()
	require.NoError(t, err)
	seed, err := pair.Seed()
	require.NoError(t, err)
	public, err = pair.PublicKey()
	require.NoError(t, err)
	return write(t, filepath.Join(t.TempDir(), "user.nk"), string(seed)), public
}

func TestServerAsksForTheSeed(t *testing.T) {
	t.Parallel()
	path, public := newSeed(t)
	wrong, _ := newSeed(t)
	config := filepath.Join(t.TempDir(), "nats.conf")
	write(t, config, fmt.Sprintf("authorization { users: [ { nkey: %s } ] }", public))
	server := natstest.Start(t, "-c", config)
	urls := []string{server.URL}
	conn, _ := connect(t, bus.Config{URLs: urls, Seed: path})
	waitUntilConnected(t, conn, true)

	refused, log := connect(t, bus.Config{URLs: urls, Seed: wrong})
	polltest.Until(t, interval, func() bool { return strings.Contains(log.String(), "Authorization Violation") }, "the refusal isn't logged")
	assert.False(t, refused.Connected())
	anonymous, log := connect(t, bus.Config{URLs: urls})
	polltest.Until(t, interval, func() bool { return strings.Contains(log.String(), "Authorization Violation") }, "the refusal isn't logged")
	assert.False(t, anonymous.Connected())
}

// A server whose settings were wrong for a while must not make processes give up.
func TestConnectionIsEstablishedWhenTheServerAdmitsTheKey(t *testing.T) {
	t.Parallel()
	path, public := newSeed(t)
	_, another := newSeed(t)
	config := filepath.Join(t.TempDir(), "nats.conf")
	write(t, config, fmt.Sprintf("authorization { users: [ { nkey: %s } ] }", another))
	server := natstest.Start(t, "-c", config)
	conn, log := connect(t, bus.Config{URLs: []string{server.URL}, Seed: path})
	polltest.Until(t, interval, func() bool { return strings.Count(server.Log(), "authentication error") >= 4 }, "it doesn't try again")
	assert.Equal(t, 1, strings.Count(log.String(), "Authorization Violation"), "repeated in:\n%s", log)
	write(t, config, fmt.Sprintf("authorization { users: [ { nkey: %s } ] }", public))
	server.Restart()
	waitUntilConnected(t, conn, true)
}

func TestCertificateOfTheServerIsVerified(t *testing.T) {
	t.Parallel()
	var dirs []string
	for range 2 {
		files, err := natsconfig.Generate(natsconfig.Options{Cluster: "f2l", Hosts: []string{"localhost"}, Port: 4222, RoutePort: 6222, Now: time.Now()})
		require.NoError(t, err)
		dirs = append(dirs, t.TempDir())
		for _, file := range files {
			write(t, filepath.Join(dirs[len(dirs)-1], file.Name), string(file.Content))
		}
	}
	server := natstest.Start(t, "--tls", "--tlscert", filepath.Join(dirs[0], "server.pem"), "--tlskey", filepath.Join(dirs[0], "server-key.pem"))
	byName := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	ca, otherCA := filepath.Join(dirs[0], natsconfig.CAFile), filepath.Join(dirs[1], natsconfig.CAFile)
	for name, c := range map[string]struct{ url, ca, want string }{
		"valid":           {strings.Replace(byName, "nats:", "tls:", 1), ca, ""},
		"nats:// with CA": {byName, ca, ""},
		"another CA":      {byName, otherCA, "certificate signed by unknown authority"},
		"another name":    {server.URL, ca, "cannot validate certificate for 127.0.0.1"},
		"system's CAs":    {byName, "", "certificate signed by unknown authority"},
	} {
		conn, log := connect(t, bus.Config{URLs: []string{c.url}, CA: c.ca})
		if c.want == "" {
			waitUntilConnected(t, conn, true)
			continue
		}
		polltest.Until(t, interval, func() bool { return strings.Contains(log.String(), c.want) }, "%s: not in the log: %s", name, c.want)
		assert.False(t, conn.Connected(), name)
	}
	plain := natstest.Start(t)
	conn, log := connect(t, bus.Config{URLs: []string{plain.URL}, CA: ca})
	polltest.Until(t, interval, func() bool { return strings.Contains(log.String(), "secure connection not available") }, "a connection without TLS isn't refused")
	assert.False(t, conn.Connected())
}
