package blob_test

import (
	"bytes"
	"crypto/sha256"
	"encoding"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

// putPart stores a part as another process does, without credentials.
func putPart(t *testing.T, address string, content []byte, headers ...string) (status int, etag, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, address, bytes.NewReader(content))
	require.NoError(t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header.Get("ETag"), string(text)
}

func stateOf(t *testing.T, content []byte) []byte {
	t.Helper()
	h := sha256.New()
	h.Write(content)
	state, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	require.NoError(t, err)
	return state
}

func openRemote(t *testing.T, s3 *blob.S3, state *saved, size int) *blob.Remote {
	t.Helper()
	r, err := s3.Remote(t.Context(), state.upload(t), int64(size), state.save)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return r
}

// storeParts stores and records the next parts of a file, at most limit.
func storeParts(t *testing.T, r *blob.Remote, file []byte, limit int) {
	t.Helper()
	addresses, err := r.Addresses(limit, time.Minute)
	require.NoError(t, err)
	for _, address := range addresses {
		done := int(r.Upload().Size)
		end := min(done+part, len(file))
		status, etag, _ := putPart(t, address, file[done:end])
		require.Equal(t, 200, status)
		require.NoError(t, r.Record(len(r.Upload().Parts)+1, etag, int64(end-done), stateOf(t, file[:end])))
	}
}

func TestOthersStorePartsOfAnUpload(t *testing.T) {
	for _, size := range []int{1, part - 1, part, part + 1, 3 * part, 3*part + 17} {
		e, file := newS3(t), content(size, 3)
		s3, state := openS3(t, e.server, nil), begin(t, e.store(), target("1", "a"))
		for recorded := range (size+part-1)/part + 1 {
			r := openRemote(t, s3, state, size)
			assert.Len(t, r.Upload().Parts, recorded, "a part that was recorded is kept")
			storeParts(t, r, file, 1)
			require.NoError(t, r.Close())
			require.NoError(t, r.Close())
		}
		assert.True(t, state.upload(t).Complete(), "the last part makes the state complete")

		r := openRemote(t, s3, state, size)
		upload, err := r.Finish("")
		require.NoError(t, err)
		assert.Equal(t, hashOf(file), upload.SHA256)
		assert.Equal(t, int64(size), upload.Size)
		assert.Equal(t, upload, state.upload(t))
		_, err = r.Addresses(1, time.Minute)
		require.Error(t, err, "the upload is finished")
		require.NoError(t, r.Close())
		_, err = r.Finish("")
		require.ErrorIs(t, err, fs.ErrClosed)
		require.NoError(t, e.store().Complete(t.Context(), upload))
		assert.True(t, bytes.Equal(file, readAll(t, s3, upload.Key)))
	}
}

func TestAddressesOfParts(t *testing.T) {
	e, file := newS3(t), content(3*part+1, 3)
	s3, state := openS3(t, e.server, nil), begin(t, e.store(), target("1", "a"))
	r := openRemote(t, s3, state, len(file))
	before := e.server.Count(s3test.UploadPart) + e.server.Count(s3test.ListParts) + e.server.Count(s3test.Other)
	all, err := r.Addresses(100, 15*time.Minute)
	require.NoError(t, err)
	require.Len(t, all, 4)
	assert.Equal(t, before, e.server.Count(s3test.UploadPart)+e.server.Count(s3test.ListParts)+e.server.Count(s3test.Other))
	some, err := r.Addresses(2, 15*time.Minute)
	require.NoError(t, err)
	require.Len(t, some, 2)
	none, err := r.Addresses(0, 15*time.Minute)
	require.NoError(t, err)
	assert.Empty(t, none)
	for i, address := range all {
		u, err := url.Parse(address)
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprint(i+1), u.Query().Get("partNumber"))
		assert.Equal(t, r.Upload().ID, u.Query().Get("uploadId"))
		assert.Equal(t, "900", u.Query().Get("X-Amz-Expires"))
		assert.NotContains(t, address, s3test.DefaultSecretKey)
		assert.NotContains(t, address, url.QueryEscape(s3test.DefaultSecretKey))
		assert.NotContains(t, address, url.PathEscape(s3test.DefaultSecretKey))
	}

	status, _, body := putPart(t, all[0], file[:part], "Authorization", "Bearer token")
	assert.Equal(t, 400, status)
	assert.Contains(t, body, "Only one auth mechanism allowed")
	status, _, _ = putPart(t, all[0]+"&x=y", file[:part])
	assert.Equal(t, 403, status)
	response, _ := get(t, http.MethodGet, all[0])
	assert.Equal(t, 403, response.StatusCode, "an address is for one part and one method")
	response, _ = get(t, http.MethodDelete, all[0])
	assert.Equal(t, 403, response.StatusCode)

	storeParts(t, r, file, 100)
	rest, err := r.Addresses(100, time.Minute)
	require.NoError(t, err)
	assert.Empty(t, rest)
	e.server.SetSkew(16 * time.Minute)
	status, _, body = putPart(t, all[3], file[3*part:])
	assert.Equal(t, 403, status)
	assert.Contains(t, body, "Request has expired")
	e.server.SetSkew(0)

	upload, err := r.Finish(hashOf(file))
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.NoError(t, s3.Complete(t.Context(), upload))
	status, _, body = putPart(t, all[0], file[:part])
	assert.Equal(t, 404, status, "a part that comes too late changes nothing")
	assert.Contains(t, body, "NoSuchUpload")
	assert.True(t, bytes.Equal(file, readAll(t, s3, upload.Key)))
}

func TestARemoteStartsOver(t *testing.T) {
	e, file := newS3(t), content(part+9, 4)
	s3, state := openS3(t, e.server, nil), begin(t, e.store(), target("1", "a"))
	r := openRemote(t, s3, state, len(file))
	old, err := r.Addresses(2, time.Minute)
	require.NoError(t, err)
	storeParts(t, r, content(part+9, 5), 2)
	earlier := state.upload(t)
	require.NoError(t, r.Reset())
	assert.NotEqual(t, earlier.ID, state.upload(t).ID)
	assert.Empty(t, state.upload(t).Parts)
	assert.False(t, state.upload(t).Complete())
	status, _, _ := putPart(t, old[0], file[:part])
	assert.Equal(t, 404, status, "parts of the old upload don't end up in the new one")
	storeParts(t, r, file, 2)
	upload, err := r.Finish(hashOf(file))
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.NoError(t, s3.Complete(t.Context(), upload))
	assert.True(t, bytes.Equal(file, readAll(t, s3, upload.Key)))
	assert.Zero(t, e.leftovers(t))
}
