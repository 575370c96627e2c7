package loom_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const videoID = "0123456789abcdef0123456789abcdef"

// realLoom returns a client of www.loom.com, which must not be called.
func realLoom(t testing.TB) *loom.Client {
	t.Helper()
	c, err := loom.New(loom.Config{})
	require.NoError(t, err)
	return c
}

// fakeLoom returns a client of a server with the given oEmbed handler, and a share link to it.
func fakeLoom(t *testing.T, handler http.HandlerFunc) (*loom.Client, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c, err := loom.New(loom.Config{BaseURL: server.URL + "/"})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c, server.URL + "/share/" + videoID
}

func shareOf(t *testing.T, c *loom.Client, link string) loom.ShareURL {
	t.Helper()
	share, err := c.ParseShareURL(link)
	require.NoError(t, err)
	return share
}

func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}
