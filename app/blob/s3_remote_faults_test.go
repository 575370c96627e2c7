package blob_test

import (
	"bytes"
	"errors"
	"io/fs"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

func TestReportsThatDontMatchAreNotRecorded(t *testing.T) {
	e, file := newS3(t), content(part+5, 3)
	s3, state := openS3(t, e.server, nil), begin(t, e.store(), target("1", "a"))
	r := openRemote(t, s3, state, len(file))
	good := stateOf(t, file[:part])
	for name, report := range map[string]struct {
		number int
		etag   string
		size   int64
		hash   []byte
	}{
		"another number":  {2, "abc", part, good},
		"number 0":        {0, "abc", part, good},
		"no ETag":         {1, `""`, part, good},
		"long ETag":       {1, string(bytes.Repeat([]byte("a"), 129)), part, good},
		"ETag with quote": {1, `a"b`, part, good},
		"ETag with line":  {1, "a\nb", part, good},
		"too small":       {1, "abc", part - 1, stateOf(t, file[:part-1])},
		"too large":       {1, "abc", part + 1, stateOf(t, file[:part+1])},
		"negative":        {1, "abc", -1, good},
		"no hash":         {1, "abc", part, nil},
		"not a hash":      {1, "abc", part, []byte("nonsense")},
		"hash of less":    {1, "abc", part, stateOf(t, file[:part-1])},
		"hash of more":    {1, "abc", part, stateOf(t, file[:part+1])},
	} {
		require.ErrorIs(t, r.Record(report.number, report.etag, report.size, report.hash), blob.ErrMismatch, name)
		assert.Empty(t, state.upload(t).Parts, name)
	}
	_, err := r.Finish(hashOf(file))
	require.Error(t, err, "parts are missing")

	storeParts(t, r, file, 1)
	recorded := state.upload(t)
	require.NoError(t, r.Record(1, recorded.Parts[0], part, good), "a repeated report has no effect")
	assert.Equal(t, recorded, state.upload(t))
	require.ErrorIs(t, r.Record(1, "other", part, good), blob.ErrMismatch)
	require.ErrorIs(t, r.Record(2, "abc", part, stateOf(t, content(2*part, 1))), blob.ErrMismatch, "only the rest is missing")
	storeParts(t, r, file, 1)
	require.ErrorIs(t, r.Record(3, "abc", 1, stateOf(t, content(part+6, 1))), blob.ErrMismatch, "all bytes are there")
	_, err = r.Finish(hashOf(file[:part]))
	require.ErrorIs(t, err, blob.ErrMismatch)
	_, err = r.Finish(hashOf(file))
	require.NoError(t, err)
}

func TestPartsOfOthersThatTheServiceDoesntHave(t *testing.T) {
	e, file := newS3(t), content(2*part, 3)
	s3, state := openS3(t, e.server, nil), begin(t, e.store(), target("1", "a"))
	r := openRemote(t, s3, state, len(file))
	require.NoError(t, r.Record(1, "made-up", part, stateOf(t, file[:part])), "nobody checks it now")
	require.NoError(t, r.Record(2, "made-up", part, stateOf(t, file)))
	upload, err := r.Finish(hashOf(file))
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.ErrorIs(t, s3.Complete(t.Context(), upload), blob.ErrUploadLost)
	_, err = s3.Remote(t.Context(), upload, int64(len(file)), state.save)
	require.ErrorIs(t, err, blob.ErrUploadLost)
}

func TestARemoteHasTheUploadForItself(t *testing.T) {
	e, file := newS3(t), content(2*part+1, 3)
	s3, state := openS3(t, e.server, nil), begin(t, e.store(), target("1", "a"))
	r := openRemote(t, s3, state, len(file))
	_, err := s3.Remote(t.Context(), state.upload(t), 1, state.save)
	require.ErrorIs(t, err, blob.ErrBusy)
	_, err = s3.Write(t.Context(), state.upload(t), state.save)
	require.ErrorIs(t, err, blob.ErrBusy)
	require.ErrorIs(t, s3.Complete(t.Context(), blob.Upload{
		Engine: blob.EngineS3, Key: r.Upload().Key, ID: r.Upload().ID, PartSize: part, SHA256: hashOf(nil),
	}), blob.ErrBusy)
	storeParts(t, r, file, 2)
	require.NoError(t, r.Close())

	w := write(t, s3, state, nil) // this process continues behind the parts of others
	assert.EqualValues(t, 2*part, w.Size())
	require.NoError(t, w.Close())
	for _, size := range []int64{2*part - 1, 1} {
		_, err = s3.Remote(t.Context(), state.upload(t), size, state.save)
		require.ErrorIs(t, err, blob.ErrUploadLost, "the stored parts are those of a larger file")
	}
	for _, size := range []int64{0, -1} {
		_, err = s3.Remote(t.Context(), state.upload(t), size, state.save)
		require.ErrorIs(t, err, fs.ErrInvalid)
	}
	for _, size := range []int64{10_001 * part, 1 << 62} {
		_, err = s3.Remote(t.Context(), state.upload(t), size, state.save)
		require.ErrorContains(t, err, "too many parts")
	}
	r = openRemote(t, s3, state, len(file))
	storeParts(t, r, file, 1)
	require.NoError(t, r.Close())
	_, err = s3.Remote(t.Context(), state.upload(t), int64(len(file)+1), state.save)
	require.ErrorIs(t, err, blob.ErrUploadLost, "no part may follow a short one")
	e.server.RemoveUploads()
	_, err = s3.Remote(t.Context(), state.upload(t), int64(len(file)), state.save)
	require.ErrorIs(t, err, blob.ErrUploadLost)
}

func TestAPartThatCantBeSavedEndsTheRemote(t *testing.T) {
	e, file := newS3(t), content(2*part, 4)
	s3, state := openS3(t, e.server, nil), begin(t, e.store(), target("1", "a"))
	full := errors.New("disk is full")
	r, err := s3.Remote(t.Context(), state.upload(t), int64(len(file)), func(blob.Upload) error { return full })
	require.NoError(t, err)
	defer r.Close()
	require.ErrorIs(t, r.Record(1, "abc", part, stateOf(t, file[:part])), full)
	require.ErrorIs(t, r.Record(1, "abc", part, stateOf(t, file[:part])), full)
	_, err = r.Addresses(1, time.Minute)
	require.ErrorIs(t, err, full)
}
