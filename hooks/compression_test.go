package hooks_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestJSONIsCompressedForClientsThatAcceptIt(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	list := p.DatabaseURL + "/api/collections/meetings/records?perPage=200"
	get := func(method, link, token, accepted string) *http.Response {
		request, err := http.NewRequestWithContext(t.Context(), method, link, nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", token)
		request.Header.Set("Accept-Encoding", accepted) // or the client would decompress
		response, err := http.DefaultTransport.RoundTrip(request)
		require.NoError(t, err)
		t.Cleanup(func() { _ = response.Body.Close() })
		return response
	}

	plain, err := io.ReadAll(get(http.MethodGet, list, p.Session, "identity").Body)
	require.NoError(t, err)
	compressed := get(http.MethodGet, list, p.Session, "br, gzip")
	assert.Equal(t, "gzip", compressed.Header.Get("Content-Encoding"))
	assert.Contains(t, strings.Join(compressed.Header.Values("Vary"), ","), "Accept-Encoding")
	reader, err := gzip.NewReader(compressed.Body)
	require.NoError(t, err)
	unpacked, err := io.ReadAll(reader)
	require.NoError(t, err)
	assert.JSONEq(t, string(plain), string(unpacked))
	assert.True(t, json.Valid(plain))

	for name, response := range map[string]*http.Response{
		"small":      get(http.MethodGet, p.DatabaseURL+"/api/usage", p.Session, "gzip"),
		"refused":    get(http.MethodGet, list, "", "gzip"),
		"with token": get(http.MethodPost, s.URL+"/api/collections/users/auth-refresh", p.Token, "gzip"),
		"unwanted":   get(http.MethodGet, list, p.Session, "gzip;q=0"),
	} {
		assert.Empty(t, response.Header.Get("Content-Encoding"), name)
	}
}
