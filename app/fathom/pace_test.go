package fathom_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

// newPacedFetcher is newFetcher for a client that requires one KB per second, on average over 20 s.
func newPacedFetcher(t *testing.T, handler http.Handler) *fetcher {
	t.Helper()
	f := newFetcher(t, handler, nil)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	f.client = newClient(t, fathom.Config{
		BaseURL: server.URL, Now: f.clock.Now, Sleep: f.clock.Sleep, IdleTimeout: 5 * time.Second, MinRate: 1000, MinRateWindow: 20 * time.Second,
	})
	f.file.URL = fathom.NewSecretURL(server.URL + "/downloads/private-path?sig=topsecret")
	return f
}

func TestSlowFileIsGivenUpAndResumed(t *testing.T) {
	var clk *clock
	slow, ended := true, make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slow {
			host(t, 0)(w, r)
			return
		}
		defer close(ended)
		w.Header().Set("Content-Length", "1048576")
		for i := range content {
			clk.Advance(5 * time.Second)
			if _, err := w.Write(content[i : i+1]); err != nil {
				return
			}
			w.(http.Flusher).Flush()
		}
	})
	f := newPacedFetcher(t, handler)
	clk = f.clock
	assert.False(t, f.expectError(t, fathom.KindTooSlow).Temporary(), "the caller decides when to continue")
	require.Positive(t, f.dst.Size(), "the partial file is kept")

	<-ended // the clock stands still now
	slow = false
	f.expectFile(t, true)
}

func TestHostThatKeepsDisconnectingIsSlow(t *testing.T) {
	f := newPacedFetcher(t, host(t, 10)) // ten bytes per attempt
	f.expectError(t, fathom.KindTooSlow)
	assert.Less(t, f.clock.Slept(), time.Minute, "the bytes of all attempts count together")
}

func TestFastFileIsNotSlow(t *testing.T) {
	var clk *clock
	received := make(chan int64, len(content)) // never blocks the fetch
	f := newPacedFetcher(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for sent := 0; sent < len(content); {
			clk.Advance(10 * time.Second)
			n, err := w.Write(content[sent:min(sent+64<<10, len(content))])
			if err != nil {
				return
			}
			w.(http.Flusher).Flush()
			for sent += n; <-received < int64(sent); { // otherwise, the clock would run ahead of the fetch
			}
		}
	}))
	clk = f.clock
	fetched, err := f.client.Fetch(t.Context(), f.file, f.dst, func(done, _ int64) { received <- done })
	require.NoError(t, err)
	assert.EqualValues(t, len(content), fetched.Size)
}
