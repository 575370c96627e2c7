package fathom_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

var content = bytes.Repeat([]byte("0123456789abcdef"), 64<<10) // 1 MiB: several buffers

const tag = `"v1"`

// host serves content with ranges, disconnects after cut bytes unless cut is 0, and fails the test when
// a request carries credentials.
func host(t *testing.T, cut int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		noCredentials(t, r)
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.Header().Set("Content-Type", "video/mp4")
		if cut > 0 {
			w = &cutter{ResponseWriter: w, left: cut}
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}
}

type cutter struct {
	http.ResponseWriter
	left int
}

func (c *cutter) Write(p []byte) (int, error) {
	if len(p) > c.left {
		_, _ = c.ResponseWriter.Write(p[:c.left])
		c.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	c.left -= len(p)
	return c.ResponseWriter.Write(p)
}

func noCredentials(t *testing.T, r *http.Request) {
	for _, name := range []string{"X-Api-Key", "Authorization", "Cookie", "Referer"} {
		assert.Empty(t, r.Header.Get(name), "%s sent to the file host", name)
	}
}

// fetcher is a client with a file at a file host and a destination.
type fetcher struct {
	client *fathom.Client
	clock  *clock
	dst    *destination
	file   fathom.File
}

// destination is a fathom.Destination in memory.
type destination struct{ bytes.Buffer }

func (d *destination) Size() int64  { return int64(d.Len()) }
func (d *destination) Reset() error { d.Buffer.Reset(); return nil }

func newFetcher(t *testing.T, handler http.Handler, had []byte) *fetcher {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	clk := newClock()
	client := newClient(t, fathom.Config{BaseURL: server.URL, Now: clk.Now, Sleep: clk.Sleep, IdleTimeout: 5 * time.Second})
	dst := new(destination)
	dst.Write(had)
	return &fetcher{client: client, clock: clk, dst: dst, file: fathom.File{
		URL: fathom.NewSecretURL(server.URL + "/downloads/private-path?sig=topsecret"), ContentType: "video/mp4", Size: int64(len(content)),
	}}
}

func (f *fetcher) fetch(t *testing.T) (fathom.FetchResult, error) {
	t.Helper()
	result, err := f.client.Fetch(t.Context(), f.file, f.dst, nil)
	if err != nil {
		for _, secret := range []string{"topsecret", "private-path", "http://"} {
			assert.NotContains(t, err.Error(), secret)
			assert.NotContains(t, fmt.Sprintf("%+v %#v", err, err), secret)
		}
	}
	return result, err
}

func (f *fetcher) expectFile(t *testing.T, resumed bool) {
	t.Helper()
	result, err := f.fetch(t)
	require.NoError(t, err)
	assert.Equal(t, fathom.FetchResult{Size: int64(len(content)), Total: int64(len(content)), Resumed: resumed}, result)
	assert.True(t, bytes.Equal(content, f.dst.Bytes()), "the file that was written")
}

func (f *fetcher) expectError(t *testing.T, kind fathom.Kind) *fathom.Error {
	t.Helper()
	_, err := f.fetch(t)
	var failure *fathom.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, kind, failure.Kind, "%v: %s", err, failure.Detail)
	return failure
}

func TestFetchWritesWholeFile(t *testing.T) {
	f := newFetcher(t, host(t, 0), nil)
	var last int64
	_, err := f.client.Fetch(t.Context(), f.file, f.dst, func(done, total int64) {
		assert.GreaterOrEqual(t, done, last)
		assert.Equal(t, f.file.Size, total)
		last = done
	})
	require.NoError(t, err)
	assert.Equal(t, f.file.Size, last)
	f.expectFile(t, true) // the second call finds the complete file
}

func TestFetchWithoutKnownSize(t *testing.T) {
	for name, had := range map[string][]byte{"new": nil, "begun": content[:1000], "complete": content} {
		t.Run(name, func(t *testing.T) {
			f := newFetcher(t, host(t, 0), had)
			f.file.Size = 0
			f.expectFile(t, had != nil)
		})
	}
}

func TestFetchChunkedBody(t *testing.T) {
	f := newFetcher(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for chunk := range slices.Chunk(content, 100_000) {
			_, _ = w.Write(chunk)
			w.(http.Flusher).Flush()
		}
	}), nil)
	f.expectFile(t, false)
}

func TestFetchResumesPartialFile(t *testing.T) {
	var asked http.Header
	f := newFetcher(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked = r.Header; host(t, 0)(w, r) }), content[:300_001])
	f.expectFile(t, true)
	assert.Equal(t, "bytes=300001-", asked.Get("Range"))
	assert.Empty(t, asked.Get("If-Range"), "no ETag is known yet")
	assert.Equal(t, "identity", asked.Get("Accept-Encoding"))
}

func TestFetchResumesAfterEachInterruption(t *testing.T) {
	var ranges, ifRanges []string
	f := newFetcher(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ranges, ifRanges = append(ranges, r.Header.Get("Range")), append(ifRanges, r.Header.Get("If-Range"))
		host(t, 200_000, "ETag", tag)(w, r)
	}), nil)
	f.expectFile(t, true)
	assert.Equal(t, []string{"", "bytes=200000-", "bytes=400000-", "bytes=600000-", "bytes=800000-", "bytes=1000000-"}, ranges)
	assert.Equal(t, []string{"", tag, tag, tag, tag, tag}, ifRanges)
	assert.Less(t, f.clock.Slept(), 10*time.Second, "progress keeps the waits short")
}

func TestFetchRestartsWhenFileChanged(t *testing.T) {
	f := newFetcher(t, newScript(host(t, 200_000, "ETag", `"old"`), host(t, 0, "ETag", tag)), nil)
	f.expectFile(t, false)

	// This host ignores If-Range and sends a part of another file.
	f = newFetcher(t, newScript(host(t, 200_000, "ETag", `"old"`), func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("If-Range")
		host(t, 0, "ETag", tag)(w, r)
	}), nil)
	f.expectFile(t, false)
}

func TestFetchRestartsWhenRangeIsIgnored(t *testing.T) {
	f := newFetcher(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) }), []byte("garbage that is replaced"))
	f.expectFile(t, false)
}

func TestFetchRestartsAfterWrongRange(t *testing.T) {
	partial := func(contentRange string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", contentRange)
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(content[:100])
		}
	}
	for _, header := range []string{"", "bytes 0-99/1048576", "bytes 7-106/1048576", "bytes 1000-", "bytes a-b/c", "items 1000-1099/1048576", "bytes 1000-900/1048576"} {
		f := newFetcher(t, newScript(partial(header), host(t, 0)), content[:1000])
		f.expectFile(t, false)
		f = newFetcher(t, partial("bytes 7-106/1048576"), content[:1000])
		f.expectError(t, fathom.KindInvalidResponse)
	}
}

func TestFetchRestartsOnceAfter416(t *testing.T) {
	s := newScript(respond(416, ""), host(t, 0))
	f := newFetcher(t, s, content[:1000])
	f.expectFile(t, false)
	assert.Equal(t, 2, s.Calls())
	assert.Zero(t, f.clock.Slept())
}
