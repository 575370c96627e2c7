package blob_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

// expectKind asserts the kind of an error, and that nothing secret is in it.
func expectKind(t *testing.T, kind blob.Kind, err error) *blob.Error {
	t.Helper()
	var failure *blob.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, kind, failure.Kind, "%v", err)
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", err, err, failure), failure.Message(), failure.UserMessage()} {
		for _, secret := range []string{s3test.DefaultSecretKey, s3test.DefaultAccessKey, "X-Amz", "Signature=", "http://"} {
			assert.NotContains(t, text, secret)
		}
	}
	assert.NotContains(t, failure.UserMessage(), "S3_", "users have no settings")
	return failure
}

// failing makes a service answer all requests of a kind with an error.
func failing(kind s3test.Kind, status int, code string) func(*s3test.Server) {
	return func(s *s3test.Server) { s.Fail(kind, s3test.Always, status, code) }
}

func TestAReaderContinuesInterruptedDownloads(t *testing.T) {
	e, want := newS3(t), content(3*part, 1)
	key := put(t, e.store(), target("1", "a"), want)
	e.server.Cut(s3test.GetObject, 2, part)
	e.server.Freeze(s3test.GetObject, 1, part/2)
	s3 := openS3(t, e.server, func(c *blob.S3Config) { c.IdleTimeout = 300 * time.Millisecond })
	before := e.server.Count(s3test.GetObject)
	assert.True(t, bytes.Equal(want, readAll(t, s3, key)))
	assert.Equal(t, 4, e.server.Count(s3test.GetObject)-before)

	e.server.Cut(s3test.GetObject, s3test.Always, 0)
	reader, err := s3.Open(t.Context(), key)
	require.NoError(t, err)
	_, err = io.ReadAll(reader)
	expectKind(t, blob.KindUnreachable, err)
	require.NoError(t, reader.Close())
	e.server.ClearFaults()

	reader, err = s3.Open(t.Context(), key)
	require.NoError(t, err)
	e.server.Remove("some/prefix/" + key)
	_, err = io.ReadAll(reader)
	require.ErrorIs(t, err, blob.ErrNotFound)
	require.NoError(t, reader.Close())
}

// Some bytes now and then keep every idle timeout quiet.
func TestAServiceThatTricklesIsTooSlow(t *testing.T) {
	e := newS3(t)
	key := put(t, e.store(), target("1", "a"), content(part, 1))
	e.server.Trickle(s3test.GetObject, s3test.Always, 20*time.Millisecond)
	s3 := openS3(t, e.server, func(c *blob.S3Config) { c.IdleTimeout = 100 * time.Millisecond })
	reader, err := s3.Open(t.Context(), key)
	require.NoError(t, err)
	_, err = io.ReadAll(reader)
	expectKind(t, blob.KindSlow, err)
	require.NoError(t, reader.Close())
	assert.LessOrEqual(t, e.server.Count(s3test.GetObject), 13, "requests are bounded")
}

func TestListSurvivesFailuresOfTheService(t *testing.T) {
	e := newS3(t)
	const count = 2500
	for i := range count {
		e.server.Put(t, fmt.Sprintf("some/prefix/%s/%d/a-0123456789abcdef", database, i), []byte("x"))
	}
	e.server.Fail(s3test.ListObjects, 1, 503, "SlowDown")
	e.server.Disconnect(s3test.ListObjects, 1)
	found := map[string]bool{}
	for info, err := range e.store().List(t.Context(), database) {
		require.NoError(t, err)
		require.False(t, found[info.Key], "nothing is listed twice")
		found[info.Key] = true
		if n := len(found); n == 500 || n == 1500 { // in the middle of a page
			e.server.Lose(s3test.ListObjects, 2)
		}
	}
	assert.Len(t, found, count)
	assert.Equal(t, 3+2+4, e.server.Count(s3test.ListObjects), "3 pages and 6 failures")

	before := e.server.Count(s3test.ListObjects)
	e.server.Disconnect(s3test.ListObjects, s3test.Always)
	for _, err := range e.store().List(t.Context(), database) {
		expectKind(t, blob.KindUnreachable, err)
	}
	assert.Equal(t, 3, e.server.Count(s3test.ListObjects)-before, "attempts are bounded")
	before = e.server.Count(s3test.ListObjects)
	expectKind(t, blob.KindUnreachable, e.store().DeleteAll(t.Context(), database))
	assert.Equal(t, 6, e.server.Count(s3test.ListObjects)-before, "attempts are bounded")
}

func TestAMissingBucketIsNotAMissingRecording(t *testing.T) {
	e := newS3(t)
	key := put(t, e.store(), target("1", "a"), content(10, 1))
	wrong := openS3(t, e.server, func(c *blob.S3Config) { c.Bucket = "elsewhere" })
	_, err := wrong.Stat(t.Context(), key)
	expectKind(t, blob.KindNoBucket, err)
	_, err = wrong.Open(t.Context(), key)
	expectKind(t, blob.KindNoBucket, err)
	expectKind(t, blob.KindNoBucket, wrong.DeleteAll(t.Context(), database))
	_, err = wrong.Begin(t.Context(), target("2", "a"))
	expectKind(t, blob.KindNoBucket, err)
}

func TestAPageInsteadOfS3IsAnError(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<html>Welcome</html>")
	}))
	defer page.Close()
	s3, err := blob.NewS3(blob.S3Config{
		Endpoint: page.URL, Bucket: "recordings", AccessKey: "a", SecretKey: "b", PathStyle: true, PartSize: part,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	require.NoError(t, err)
	defer s3.Close()
	require.Error(t, s3.Check(t.Context(), time.Minute))
	_, err = s3.Begin(t.Context(), target("1", "a"))
	require.Error(t, err)
}
