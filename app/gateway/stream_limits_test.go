package gateway_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestAnonymousStreamsAreLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	assert.Equal(t, 404, s.Call("GET", s.URL+"/db/"+strings.Repeat("x", 5000)+"/api/realtime", "", nil).Status)
	for range 50 {
		apptest.OpenStream(t, s.URL+"/db/2020-01-01-001-nobody")
	}
	assert.Equal(t, 503, s.Call("GET", p.DatabaseURL+"/api/realtime", "", nil).Status)
}

func TestStreamsOfAUserAreLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for range 20 {
		openSubscribed(t, p, "meetings/*")
	}
	assert.Equal(t, 429, p.Own("POST", "/api/realtime", apptest.OpenStream(t, p.DatabaseURL).Subscription("meetings/*")).Status)
}
