package hooks_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestSubscriptionsOfAStreamAreLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	topics := make([]string, 26)
	for i := range topics {
		topics[i] = fmt.Sprintf("preferences/%015d", i)
	}
	for base, token := range map[string]string{p.DatabaseURL: p.Session, s.URL: p.Token} {
		stream := apptest.OpenStream(t, base)
		assert.Equal(t, 400, s.Call("POST", base+"/api/realtime", token, stream.Subscription(topics...)).Status, base)
		assert.Equal(t, 204, s.Call("POST", base+"/api/realtime", token, stream.Subscription(topics[1:]...)).Status, base)
	}
}

func TestGuestSubscribesOnlyToPublicTopics(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	stream := apptest.OpenStream(t, s.URL)
	for topic, want := range map[string]int{"@oauth2": 204, "PB_CONNECT": 204, "users/*": 401, "global_queue/*": 401} {
		assert.Equal(t, want, s.Call("POST", s.URL+"/api/realtime", "", stream.Subscription(topic)).Status, topic)
	}
}

func TestGlobalStreamsOfAUserAreLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	subscribe := func(p apptest.Person, stream *apptest.Stream) int {
		return s.Call("POST", s.URL+"/api/realtime", p.Token, stream.Subscription("global_queue/*")).Status
	}
	first := apptest.OpenStream(t, s.URL)
	require.Equal(t, 204, subscribe(p, first))
	require.Equal(t, 204, s.Call("POST", s.URL+"/api/realtime", p.Token, first.Subscription()).Status, "the stream is counted once")
	for range 19 {
		require.Equal(t, 204, subscribe(p, apptest.OpenStream(t, s.URL)))
	}
	last := apptest.OpenStream(t, s.URL)
	assert.Equal(t, 429, subscribe(p, last))
	assert.Equal(t, 204, subscribe(other, apptest.OpenStream(t, s.URL)))
	first.Close()
	s.Eventually(func() bool { return subscribe(p, last) == 204 })
}

func TestGlobalStreamsAreLimitedByClientNetwork(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}})
	p := s.SignUp("ada@example.com")
	stream := openSubscribed(s, p.Token, "global_queue/*")
	require.Equal(t, 200, p.Enqueue("fathom.sync", map[string]any{}).Status)
	assert.Equal(t, "create", stream.Next().Data["action"])

	streamFrom := func(address string) *http.Request {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/api/realtime", nil)
		require.NoError(t, err)
		request.Header.Set("X-Real-IP", address)
		return request
	}
	for range 200 {
		response, err := http.DefaultClient.Do(streamFrom("10.0.0.1"))
		require.NoError(t, err)
		require.Equal(t, 200, response.StatusCode)
		defer response.Body.Close()
	}
	refused := s.Do(streamFrom("10.0.0.77"))
	assert.Equal(t, 503, refused.Status)
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	other, err := http.DefaultClient.Do(streamFrom("10.0.2.1"))
	require.NoError(t, err)
	assert.Equal(t, 200, other.StatusCode, "another client of the same proxy")
	require.NoError(t, other.Body.Close())
}
