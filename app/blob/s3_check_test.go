package blob_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestCheckNamesTheCauseAndTheSetting(t *testing.T) {
	unused := httptest.NewServer(http.NotFoundHandler())
	unused.Close()
	for name, test := range map[string]struct {
		client    func(*blob.S3Config)
		server    func(*s3test.Server)
		kind      blob.Kind
		says      string
		temporary bool
	}{
		"wrong access key": {
			client: func(c *blob.S3Config) { c.AccessKey = "OTHER" },
			kind:   blob.KindCredentials, says: "S3_ACCESS_KEY",
		},
		"wrong secret key": {
			client: func(c *blob.S3Config) { c.SecretKey = "other" },
			kind:   blob.KindCredentials, says: "S3_SECRET_KEY",
		},
		"missing bucket": {
			client: func(c *blob.S3Config) { c.Bucket = "elsewhere" },
			kind:   blob.KindNoBucket, says: "S3_BUCKET",
		},
		"wrong region": {
			client: func(c *blob.S3Config) { c.Region = "eu-other-1" },
			kind:   blob.KindRegion, says: "set S3_REGION to eu-test-1.",
		},
		"no connection": {
			client: func(c *blob.S3Config) { c.Endpoint = unused.URL },
			kind:   blob.KindUnreachable, says: "S3_ENDPOINT", temporary: true,
		},
		"clock is behind": {
			server: func(s *s3test.Server) { s.SetSkew(16 * time.Minute) },
			kind:   blob.KindClock, says: "clock", temporary: true,
		},
		"clock is ahead": {
			server: func(s *s3test.Server) { s.SetSkew(-16 * time.Minute) },
			kind:   blob.KindClock, says: "clock", temporary: true,
		},
		"may not write": {
			server: failing(s3test.PutObject, 403, "AccessDenied"),
			kind:   blob.KindCredentials, says: "write",
		},
		"may not read": {
			server: failing(s3test.GetObject, 403, "AccessDenied"),
			kind:   blob.KindCredentials, says: "read",
		},
		"may not list": {
			server: failing(s3test.ListObjects, 403, "AccessDenied"),
			kind:   blob.KindCredentials, says: "list",
		},
		"may not delete": {
			server: failing(s3test.DeleteObject, 403, "AccessDenied"),
			kind:   blob.KindCredentials, says: "delete",
		},
		"may not abort": {
			server: failing(s3test.AbortMultipartUpload, 403, "AccessDenied"),
			kind:   blob.KindCredentials, says: "delete",
		},
		"full": {
			server: failing(s3test.PutObject, 403, "QuotaExceeded"),
			kind:   blob.KindFull, says: "S3_BUCKET", temporary: true,
		},
		"full, status": {
			server: failing(s3test.PutObject, 507, "Other"),
			kind:   blob.KindFull, says: "full", temporary: true,
		},
		"overloaded": {
			server: failing(s3test.PutObject, 503, "SlowDown"),
			kind:   blob.KindSlow, says: "slow", temporary: true,
		},
		"broken": {
			server: failing(s3test.PutObject, 500, "InternalError"),
			kind:   blob.KindFailed, says: "InternalError", temporary: true,
		},
		"unknown": {server: failing(s3test.PutObject, 400, "Unheard"), kind: blob.KindFailed, says: "Unheard"},
		"disconnects": {
			server: func(s *s3test.Server) { s.Disconnect(s3test.PutObject, s3test.Always) },
			kind:   blob.KindUnreachable, says: "S3_ENDPOINT", temporary: true,
		},
		"stalls": {
			server: func(s *s3test.Server) { s.Stall(s3test.PutObject, s3test.Always) },
			kind:   blob.KindSlow, says: "slow", temporary: true,
		},
		"stalls halfway": {
			server: func(s *s3test.Server) { s.Freeze(s3test.GetObject, s3test.Always, 5) },
			kind:   blob.KindSlow, says: "slow", temporary: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := s3test.Start(t, s3test.Options{})
			if test.server != nil {
				test.server(server)
			}
			s3 := openS3(t, server, func(c *blob.S3Config) {
				c.IdleTimeout = 200 * time.Millisecond
				if test.client != nil {
					test.client(c)
				}
			})
			failure := expectKind(t, test.kind, s3.Check(t.Context(), time.Minute))
			assert.Contains(t, failure.Message(), test.says)
			assert.Equal(t, test.temporary, failure.Temporary())
			server.ClearFaults()
			server.SetSkew(0)
			if name != "may not delete" {
				assert.Empty(t, server.Keys(), "the probe is removed")
			}
			require.NoError(t, openS3(t, server, nil).Check(t.Context(), time.Minute))
			assert.Empty(t, server.Keys())
			assert.Empty(t, server.Uploads(), "the next check removes what an earlier one couldn't")
		})
	}
}

// A server that starts must not wait for a service that accepts requests and never answers.
func TestCheckEndsInTime(t *testing.T) {
	for _, kind := range []s3test.Kind{
		s3test.PutObject, s3test.GetObject, s3test.ListObjects, s3test.ListMultipartUploads, s3test.CreateMultipartUpload,
		s3test.AbortMultipartUpload, s3test.DeleteObject,
	} {
		t.Run(string(kind), func(t *testing.T) {
			server := s3test.Start(t, s3test.Options{})
			server.Stall(kind, s3test.Always)
			began := time.Now()
			failure := expectKind(t, blob.KindSlow, openS3(t, server, nil).Check(t.Context(), 500*time.Millisecond))
			assert.Less(t, time.Since(began), 10*time.Second, "far below the idle timeout")
			assert.Contains(t, failure.Error(), "longer than 500ms")
			assert.True(t, failure.Temporary())
		})
	}
	server := s3test.Start(t, s3test.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	server.Before(s3test.GetObject, 1, cancel)
	require.ErrorIs(t, openS3(t, server, nil).Check(ctx, time.Minute), context.Canceled)
	assert.Empty(t, server.Keys())
}

func TestCheckRemovesWhatInterruptedChecksHaveLeft(t *testing.T) {
	server := s3test.Start(t, s3test.Options{})
	for _, key := range []string{
		"some/prefix/.check-0123456789abcdef", "some/prefix/.check-1", "some/prefix/a/1/b-1", ".check-other",
	} {
		server.Put(t, key, []byte("x"))
	}
	server.Lose(s3test.CreateMultipartUpload, 1)
	require.NoError(t, openS3(t, server, nil).Check(t.Context(), time.Minute))
	assert.Equal(t, []string{".check-other", "some/prefix/a/1/b-1"}, server.Keys())
	assert.Empty(t, server.Uploads())
}

func TestCheckLeavesNothing(t *testing.T) {
	server := s3test.Start(t, s3test.Options{})
	server.Lose(s3test.PutObject, 1)
	require.NoError(t, openS3(t, server, nil).Check(t.Context(), time.Minute))
	assert.Empty(t, server.Keys())
	assert.Empty(t, server.Uploads())
}

func TestInvalidSettingsAreRefused(t *testing.T) {
	valid := blob.S3Config{
		Endpoint: "https://s3.example.com", Bucket: "recordings", AccessKey: "access", SecretKey: "hunter2",
	}
	for name, change := range map[string]func(*blob.S3Config){
		"no endpoint":        func(c *blob.S3Config) { c.Endpoint = "" },
		"endpoint with path": func(c *blob.S3Config) { c.Endpoint += "/bucket" },
		"no scheme":          func(c *blob.S3Config) { c.Endpoint = "s3.example.com" },
		"credentials in URL": func(c *blob.S3Config) { c.Endpoint = "https://access:hunter2@s3.example.com" },
		"no bucket":          func(c *blob.S3Config) { c.Bucket = "" },
		"invalid bucket":     func(c *blob.S3Config) { c.Bucket = "a/b" },
		"no access key":      func(c *blob.S3Config) { c.AccessKey = "" },
		"no secret key":      func(c *blob.S3Config) { c.SecretKey = "" },
	} {
		cfg := valid
		change(&cfg)
		_, err := blob.NewS3(cfg)
		require.Error(t, err, name)
		assert.False(t, strings.Contains(err.Error(), "hunter2"), name)
	}
}
