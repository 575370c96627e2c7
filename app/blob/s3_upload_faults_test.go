package blob_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

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
