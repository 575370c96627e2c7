package e2e

import (
	"context"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestServerRefusesToStartWithWrongS3Settings(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	for name, c := range map[string]struct {
		setting string
		breakIt func(*s3test.Server)
		want    string
	}{
		"wrong access key": {"S3_ACCESS_KEY=SOMEBODY", nil, "check S3_ACCESS_KEY and S3_SECRET_KEY"},
		"wrong secret key": {"S3_SECRET_KEY=another-secret-of-nobody", nil, "check S3_ACCESS_KEY and S3_SECRET_KEY"},
		"missing bucket":   {"S3_BUCKET=elsewhere", nil, "create it, or correct S3_BUCKET"},
		"wrong region":     {"S3_REGION=eu-test-2", nil, "set S3_REGION to eu-test-1"},
		"read-only keys": {"", func(bucket *s3test.Server) {
			bucket.Fail(s3test.PutObject, s3test.Always, http.StatusForbidden, "AccessDenied")
		}, "may list, read, write and delete"},
		"keys that may not list": {"", func(bucket *s3test.Server) {
			bucket.Fail(s3test.ListObjects, s3test.Always, http.StatusForbidden, "AccessDenied")
		}, "may list, read, write and delete"},
		"keys that may not delete": {"", func(bucket *s3test.Server) {
			bucket.Fail(s3test.DeleteObject, s3test.Always, http.StatusForbidden, "AccessDenied")
		}, "may list, read, write and delete"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket := s3test.Start(t, s3test.Options{})
			in := install(t, sim, bucket.Settings()...)
			if c.setting != "" {
				in.env = append(in.env, c.setting)
			}
			if c.breakIt != nil {
				c.breakIt(bucket)
			}
			in.requireRefusedStorage(bucket, c.want)
		})
	}
}

// requireRefusedStorage requires that the server doesn't start, that it says why in one line, and that neither the data
// directory nor the bucket has changed.
func (in *installation) requireRefusedStorage(bucket *s3test.Server, want string) {
	in.t.Helper()
	ctx, cancel := context.WithTimeout(in.t.Context(), time.Minute)
	defer cancel()
	out, err := execute(ctx, in.dir, in.env, "serve")
	require.NoError(in.t, err)
	require.Equal(in.t, 1, out.exitCode, "%+v", out)
	assert.Contains(in.t, out.stderr, want)
	assert.Equal(in.t, 1, strings.Count(strings.TrimSpace(out.stderr), "\n")+1, out.stderr)
	assert.NotContains(in.t, out.stdout+out.stderr, bucket.SecretKey)
	assert.NotContains(in.t, out.stdout+out.stderr, "another-secret-of-nobody")
	assert.NotContains(in.t, out.stdout+out.stderr, "X-Amz")
	entries, err := os.ReadDir(in.dir)
	require.NoError(in.t, err)
	assert.Empty(in.t, entries)
}

func TestServerStartsWhileS3IsUnavailable(t *testing.T) {
	t.Parallel()
	for name, breakIt := range map[string]func(*s3test.Server){
		"broken":      func(bucket *s3test.Server) { bucket.Fail(s3test.PutObject, s3test.Always, 500, "InternalError") },
		"overloaded":  func(bucket *s3test.Server) { bucket.Fail(s3test.PutObject, s3test.Always, 503, "SlowDown") },
		"cuts":        func(bucket *s3test.Server) { bucket.Disconnect(s3test.PutObject, s3test.Always) },
		"never reads": func(bucket *s3test.Server) { bucket.Stall(s3test.PutObject, s3test.Always) },
		"clock ahead": func(bucket *s3test.Server) { bucket.SetSkew(20 * time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket := s3test.Start(t, s3test.Options{})
			breakIt(bucket)
			in := install(t, startSimulator(t, simulator.Config{}), bucket.Settings()...)
			server := in.serve()
			in.requireOneStorageError(server)
			who := in.newDemoAccount()
			bucket.ClearFaults()
			bucket.SetSkew(0)
			in.requireCompleted(who, in.transfer(who, 1001))
			assert.Len(t, bucket.Keys(), 1)
		})
	}
	t.Run("unreachable", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		address := listener.Addr().String()
		require.NoError(t, listener.Close())
		bucket := s3test.Start(t, s3test.Options{})
		in := install(t, startSimulator(t, simulator.Config{}), append(bucket.Settings(), "S3_ENDPOINT=http://"+address)...)
		server := in.serve()
		in.requireOneStorageError(server)
		who := in.newDemoAccount()
		job := in.transfer(who, 1001)
		var answer object
		polltest.Until(t, 20*time.Millisecond, func() bool {
			answer = in.mustCall(http.MethodGet, in.url+jobsPath+"/"+job, who.token, nil)
			return answer["error"] != ""
		}, "the job does not report that S3 is unreachable")
		assert.Equal(t, "pending", answer["status"], "the job waits")
		assert.NotContains(t, answer["error"], address)
		server.stop()
	})
}

func (in *installation) requireOneStorageError(server *process) {
	in.t.Helper()
	var found []string
	for line := range strings.Lines(server.log.String()) {
		if strings.Contains(line, "storage for recordings isn't available") {
			found = append(found, line)
		}
	}
	require.Len(in.t, found, 1, server.log)
	assert.Contains(in.t, found[0], "level=ERROR")
}
