package fathom_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

func readRange(t *testing.T, handler http.HandlerFunc, size, offset int64) ([]byte, error) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c := newClient(t, fathom.Config{BaseURL: server.URL, Now: newClock().Now, Sleep: newClock().Sleep})
	p := make([]byte, size)
	err := c.ReadRange(t.Context(), fathom.File{URL: fathom.NewSecretURL(server.URL + "/file?sig=secret"), Size: int64(len(content))}, p, offset)
	return p, err
}

func TestRangeIsRead(t *testing.T) {
	for name, r := range map[string]struct{ size, offset int64 }{
		"first byte": {1, 0}, "beginning": {1000, 0}, "middle": {600_000, 12_345}, "end": {77, int64(len(content)) - 77}, "all": {int64(len(content)), 0},
	} {
		t.Run(name, func(t *testing.T) {
			var sent int64
			got, err := readRange(t, func(w http.ResponseWriter, request *http.Request) {
				host(t, 0, "ETag", tag)(&counter{w, &sent}, request)
			}, r.size, r.offset)
			require.NoError(t, err)
			assert.True(t, bytes.Equal(content[r.offset:r.offset+r.size], got))
			assert.Equal(t, r.size, sent, "no more is requested")
		})
	}
}

type counter struct {
	http.ResponseWriter
	sent *int64
}

func (c *counter) Write(p []byte) (int, error) {
	*c.sent += int64(len(p))
	return c.ResponseWriter.Write(p)
}

func TestRangeIsResumed(t *testing.T) {
	got, err := readRange(t, host(t, 300_000, "ETag", tag), 700_000, 1000)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(content[1000:701_000], got))
}

func TestRangeThatIsNotSent(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"all of the file": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) },
		"another range": func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Range", "bytes=5-9")
			host(t, 0)(w, r)
		},
		"too much": func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Range", "bytes=1000-")
			host(t, 0)(w, r)
		},
		"larger file": respond(206, "x", "Content-Range", "bytes 1000-1000/99999999"),
	} {
		_, err := readRange(t, handler, 100, 1000)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "sig=", name)
	}
	_, err := readRange(t, respond(403, ""), 100, 0)
	require.ErrorIs(t, err, fathom.ErrLinkExpired)
}
