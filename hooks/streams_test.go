package hooks_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAStreamHasOnlySoManySubscriptions(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	topics := make([]string, 26)
	for i := range topics {
		topics[i] = fmt.Sprintf("preferences/%015d", i)
	}
	for base, token := range map[string]string{p.db: p.session, s.url: p.token} {
		stream := openStream(t, base)
		assert.Equal(t, 400, s.call("POST", base+"/api/realtime", token, subscription(stream, topics...)).Status, base)
		assert.Equal(t, 204, s.call("POST", base+"/api/realtime", token, subscription(stream, topics[1:]...)).Status, base)
	}
}

func TestAGuestWaitsForTheEndOfASignInOnly(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	stream := openStream(t, s.url)
	for topics, want := range map[string]int{"@oauth2": 204, "PB_CONNECT": 204, "users/*": 401, "global_queue/*": 401} {
		assert.Equal(t, want, s.call("POST", s.url+"/api/realtime", "", subscription(stream, topics)).Status, topics)
	}
}

func TestAUserHasOnlySoManyGlobalStreams(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, other := s.signUp("ada@example.com"), s.signUp("other@example.com")
	subscribe := func(p person, stream *sse) int {
		return s.call("POST", s.url+"/api/realtime", p.token, subscription(stream, "global_queue/*")).Status
	}
	first := openStream(t, s.url)
	require.Equal(t, 204, subscribe(p, first))
	require.Equal(t, 204, s.call("POST", s.url+"/api/realtime", p.token, subscription(first)).Status, "the same stream once more")
	for range 19 {
		require.Equal(t, 204, subscribe(p, openStream(t, s.url)))
	}
	last := openStream(t, s.url)
	assert.Equal(t, 429, subscribe(p, last))
	assert.Equal(t, 204, subscribe(other, openStream(t, s.url)))
	first.close()
	s.eventually(func() bool { return subscribe(p, last) == 204 })
}

func TestStreamsToTheGlobalDatabase(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}})
	p := s.signUp("ada@example.com")
	stream := openStream(t, s.url)
	require.Equal(t, 204, s.call("POST", s.url+"/api/realtime", p.token, subscription(stream, "global_queue/*")).Status)
	require.Equal(t, 200, p.enqueue("fathom.sync", map[string]any{}).Status)
	assert.Equal(t, "create", stream.next().data["action"])

	from := func(address string) *http.Request {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/realtime", nil)
		require.NoError(t, err)
		request.Header.Set("X-Real-IP", address)
		return request
	}
	for range 200 {
		response, err := http.DefaultClient.Do(from("10.0.0.1"))
		require.NoError(t, err)
		require.Equal(t, 200, response.StatusCode)
		defer response.Body.Close()
	}
	refused := s.do(from("10.0.0.1"))
	assert.Equal(t, 503, refused.Status)
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	other, err := http.DefaultClient.Do(from("10.0.0.2"))
	require.NoError(t, err)
	assert.Equal(t, 200, other.StatusCode, "others have room")
	require.NoError(t, other.Body.Close())
}
