package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// ping sends the simplest message of an assistant.
func ping(t *testing.T, s *apptest.Server, token string) apptest.Answer {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, s.URL+"/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json, text/event-stream")
	return s.Do(request)
}

func TestRequestsOfAssistantsCountAsRequestsToTheDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	_, token := p.CreateToken("read")
	_, others := other.CreateToken("read")
	require.Equal(t, 200, ping(t, s, token).Status)
	var request slowRequest
	for range 50 {
		request = startSlowRequest(p, "/api/collections/preferences/records", 10)
	}
	refused := ping(t, s, token)
	assert.Equal(t, 429, refused.Status, refused.Raw)
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Equal(t, 200, ping(t, s, others).Status)
	require.NoError(t, request.Close())
	s.Eventually(func() bool { return ping(t, s, token).Status == 200 })
}

func TestAssistantHoldsNoDatabaseOpenAfterItsRequest(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	_, token := p.CreateToken("read")
	require.Equal(t, 200, ping(t, s, token).Status)
	assert.Zero(t, openHandles(p))
}
