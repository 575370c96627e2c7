package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// A cluster as docs/cluster.md describes it: with what "cluster config" creates, over TLS.
func TestClusterAsDocumented(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	bucket := s3test.Start(t, s3test.Options{})
	dir := filepath.Join(t.TempDir(), "cluster")
	created := run(t, t.TempDir(), nil, "cluster", "config", "--host", "127.0.0.1", "--name", "nats.example.com", "--dir", dir)
	require.Equal(t, 0, created.exitCode, created.stderr)
	again := run(t, t.TempDir(), nil, "cluster", "config", "--host", "127.0.0.1", "--dir", dir)
	assert.Equal(t, 1, again.exitCode, "credentials are never replaced")
	nats := natstest.Start(t, "-c", filepath.Join(dir, "nats-server.conf"))
	cluster := func(seed string) []string {
		return []string{
			"CLUSTER_URL=tls://127.0.0.1:" + strconv.Itoa(nats.Port), "CLUSTER_CREDS=" + filepath.Join(dir, seed), "CLUSTER_CA=" + filepath.Join(dir, "ca.pem"),
		}
	}
	assert.Equal(t, 0, run(t, dir, cluster("mover.nk"), "cluster", "check").exitCode)
	stranger := run(t, dir, cluster("mover.nk")[:1], "cluster", "check")
	assert.Equal(t, 1, stranger.exitCode)
	assert.Contains(t, stranger.stderr, "no NATS server")

	in := install(t, sim, append(bucket.Settings(), cluster("home.nk")...)...)
	server := in.serve()
	who := in.newDemoAccount()
	in.requireCompleted(who, in.transfer(who, 1001)) // without a mover
	mover := in.startMover(cluster("mover.nk"), bucket, sim)
	in.awaitMovers(1)

	hold := make(chan struct{})
	sim.Inject(simulator.Fault{Path: "/media/*", Hold: hold})
	moved := in.transfer(who, 1002)
	polltest.Until(t, 50*time.Millisecond, func() bool {
		return strings.Contains(in.run("cluster", "list", "--json").stdout, `"busy": 1`)
	}, "the mover got nothing to do")
	close(hold)
	in.requireCompleted(who, moved)
	mover.stop()
	in.awaitMovers(0)
	nats.Kill()
	in.requireCompleted(who, in.transfer(who, 1003))
	require.Len(t, bucket.Keys(), 3)
	for _, p := range []*process{server, mover} {
		seed, err := os.ReadFile(filepath.Join(dir, "home.nk"))
		require.NoError(t, err)
		assert.NotContains(t, p.log.String(), strings.TrimSpace(string(seed)))
		assert.NotContains(t, p.log.String(), "X-Amz-Signature", "no address is logged")
	}
	server.stop()
}

func TestMoverRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	for text, settings := range map[string][]string{
		"CLUSTER_URL is missing":   nil,
		"CLUSTER_URL is not valid": {"CLUSTER_URL=https://nats.example.com"},
		"MOVER_SLOTS is not valid": {"CLUSTER_URL=nats://127.0.0.1:4222", "MOVER_SLOTS=0"},
		"connect to the cluster: ": {"CLUSTER_URL=nats://127.0.0.1:4222", "CLUSTER_CREDS=/nowhere/mover.nk"},
	} {
		out := run(t, t.TempDir(), settings, "mover")
		assert.Equal(t, 1, out.exitCode, text)
		assert.Contains(t, out.stderr, text)
	}
	in := install(t, startSimulator(t, simulator.Config{}), "CLUSTER_URL=nats://127.0.0.1:4222")
	in.requireRefused("S3_ENDPOINT is missing", "serve")
}
