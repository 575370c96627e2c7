package blob_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
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

func TestPartsSurviveFailuresOfTheService(t *testing.T) {
	e := newS3(t)
	s := e.server
	s.Fail(s3test.CreateMultipartUpload, 2, 503, "SlowDown")
	s.Lose(s3test.UploadPart, 1)
	s.Disconnect(s3test.UploadPart, 1)
	s.Fail(s3test.UploadPart, 2, 500, "InternalError")
	s.Lose(s3test.CompleteMultipartUpload, 1)
	want := content(3*part+9, 1)
	key := put(t, e.store(), target("1", "a"), want)
	assert.True(t, bytes.Equal(want, readAll(t, e.store(), key)))
	assert.Equal(t, 8, s.Count(s3test.UploadPart), "4 parts and 4 failures")
	assert.Equal(t, 1, s.Count(s3test.CompleteMultipartUpload), "the answer was lost, but the blob is there")
	found, ok := s.Object("some/prefix/" + key)
	require.True(t, ok)
	assert.Equal(t, hashOf(want), found.SHA256)
}

func TestResetLeavesAnUploadWhosePartsMayStillArrive(t *testing.T) {
	e := newS3(t)
	state, arrived, held := begin(t, e.store(), target("1", "a")), make(chan struct{}), make(chan struct{})
	defer close(held)
	e.server.Before(s3test.UploadPart, 1, func() { close(arrived); <-held })
	w := write(t, e.store(), state, content(part, 5))
	<-arrived
	require.NoError(t, w.Close())
	earlier := state.upload(t)
	require.Empty(t, earlier.Parts, "nobody knows of the part")

	w = write(t, e.store(), state, nil)
	require.NoError(t, w.Reset())
	assert.NotEqual(t, earlier.ID, state.upload(t).ID)
	want := content(part+1, 6)
	_, err := w.Write(want)
	require.NoError(t, err)
	upload, err := w.Finish()
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, e.store().Complete(t.Context(), upload))
	assert.True(t, bytes.Equal(want, readAll(t, e.store(), upload.Key)))
}

func TestAFailingServiceEndsTheUploadAndKeepsItsParts(t *testing.T) {
	for name, test := range map[string]struct {
		fail func(*s3test.Server)
		kind blob.Kind
	}{
		"down":    {func(s *s3test.Server) { s.Disconnect(s3test.UploadPart, s3test.Always) }, blob.KindUnreachable},
		"stalls":  {func(s *s3test.Server) { s.Stall(s3test.UploadPart, s3test.Always) }, blob.KindSlow},
		"refuses": {failing(s3test.UploadPart, 403, "AccessDenied"), blob.KindCredentials},
		"full":    {failing(s3test.UploadPart, 507, "QuotaExceeded"), blob.KindFull},
	} {
		t.Run(name, func(t *testing.T) {
			e, want := newS3(t), content(3*part+1, 1)
			impatient := openS3(t, e.server, func(c *blob.S3Config) { c.IdleTimeout = 100 * time.Millisecond })
			state := begin(t, e.store(), target("1", "a"))
			partsArrive := func(count int) { // before the Writer is closed: a part that came later would be counted below
				require.Eventually(t, func() bool { return e.server.Count(s3test.UploadPart) == count }, time.Minute, time.Millisecond)
			}
			w := write(t, e.store(), state, want[:part+part/2])
			partsArrive(1)
			require.NoError(t, w.Close())
			w = write(t, e.store(), state, nil) // the first part may have been on its way
			sent := 3 - int(w.Size()/part)
			_, err := w.Write(want[w.Size() : 2*part])
			require.NoError(t, err)
			_, err = w.Write(want[2*part : 3*part])
			require.NoError(t, err)
			partsArrive(1 + sent)
			require.NoError(t, w.Close())
			stored := state.upload(t).Size
			require.Positive(t, stored)

			test.fail(e.server)
			before := e.server.Count(s3test.UploadPart)
			w = write(t, impatient, state, nil)
			_, err = w.Write(want[w.Size():])
			if err == nil {
				_, err = w.Finish()
			}
			expectKind(t, test.kind, err)
			require.NoError(t, w.Close())
			assert.LessOrEqual(t, e.server.Count(s3test.UploadPart)-before, 6, "attempts are bounded")
			assert.Equal(t, stored, state.upload(t).Size)

			e.server.ClearFaults()
			w = write(t, e.store(), state, nil)
			assert.Equal(t, stored, w.Size())
			_, err = w.Write(want[stored:])
			require.NoError(t, err)
			upload, err := w.Finish()
			require.NoError(t, err)
			require.NoError(t, w.Close())
			require.NoError(t, e.store().Complete(t.Context(), upload))
			assert.True(t, bytes.Equal(want, readAll(t, e.store(), upload.Key)))
		})
	}
}

// A rule of the bucket, or an operator, may remove unfinished uploads at any time.
func TestALostUploadIsReported(t *testing.T) {
	stored := func(t *testing.T, e *engine) *saved {
		state := begin(t, e.store(), target("1", "a"))
		w := write(t, e.store(), state, content(3*part, 1))
		require.NoError(t, w.Close())
		require.NotEmpty(t, state.upload(t).Parts)
		return state
	}
	e := newS3(t)
	state := stored(t, e)
	e.server.RemovePart(1)
	_, err := e.store().Write(t.Context(), state.upload(t), state.save)
	require.ErrorIs(t, err, blob.ErrUploadLost)

	state = stored(t, e)
	changed := state.upload(t)
	changed.Parts[0] = "another"
	_, err = e.store().Write(t.Context(), changed, state.save)
	require.ErrorIs(t, err, blob.ErrUploadLost)
	changed = state.upload(t)
	changed.Hash = []byte("of another version")
	_, err = e.store().Write(t.Context(), changed, state.save)
	require.ErrorIs(t, err, blob.ErrUploadLost)

	e.server.RemoveUploads()
	_, err = e.store().Write(t.Context(), state.upload(t), state.save)
	require.ErrorIs(t, err, blob.ErrUploadLost)

	state = begin(t, e.store(), target("2", "a"))
	w := write(t, e.store(), state, content(part/2, 1))
	e.server.RemoveUploads()
	_, err = w.Finish()
	require.ErrorIs(t, err, blob.ErrUploadLost, "the first part finds out")
	require.NoError(t, w.Close())

	state = begin(t, e.store(), target("3", "a"))
	w = write(t, e.store(), state, content(part/2, 1))
	upload, err := w.Finish()
	require.NoError(t, err)
	require.NoError(t, w.Close())
	e.server.RemovePart(1)
	require.ErrorIs(t, e.store().Complete(t.Context(), upload), blob.ErrUploadLost)
	e.server.RemoveUploads()
	require.ErrorIs(t, e.store().Complete(t.Context(), upload), blob.ErrUploadLost)
	e.server.Fail(s3test.HeadObject, s3test.Always, 503, "SlowDown")
	expectKind(t, blob.KindSlow, e.store().Complete(t.Context(), upload)) // it may exist
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

// A service may lose the answer to the request that begins an upload, which then nobody knows.
func TestAnUploadWhoseAnswerWasLostIsSwept(t *testing.T) {
	e := newS3(t)
	e.server.Lose(s3test.CreateMultipartUpload, 1)
	state := begin(t, e.store(), target("1", "a"))
	require.Len(t, e.server.Uploads(), 2)
	w := write(t, e.store(), state, content(part+1, 1))
	upload, err := w.Finish()
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, e.store().Complete(t.Context(), upload))
	e.backdate(t, 2*time.Hour)
	isNamed := func(name string) bool { return name == upload.Key }
	removed, err := e.store().Sweep(t.Context(), database, time.Now().Add(-time.Hour), isNamed)
	require.NoError(t, err)
	assert.Equal(t, 1, removed)
	assert.Empty(t, e.server.Uploads())
	assert.Len(t, e.server.Keys(), 1)

	e.server.Lose(s3test.CreateMultipartUpload, 1)
	begin(t, e.store(), target("2", "a")) // the caller fails to save it
	require.NoError(t, e.store().DeleteUploads(t.Context(), database, "2"))
	assert.Empty(t, e.server.Uploads())
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
