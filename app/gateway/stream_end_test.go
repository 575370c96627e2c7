package gateway_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestStreamEndsWhenPasswordChanges(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := openSubscribed(t, p, "preferences/*")

	renamed := s.Call("PATCH", s.URL+"/api/collections/users/records/"+p.ID, p.Token, map[string]any{"name": "Ada"})
	require.Equal(t, 200, renamed.Status, renamed.Raw)
	savePreference(p, "still")
	assert.Equal(t, "create", stream.Next().Data["action"], "a new name must not end the stream")

	changePassword(p)
	assert.True(t, stream.Ended(), "the stream must end when the password changes")
}

func TestStreamEndsWhenSessionExpires(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	short := sessionIssuedAt(t, p, time.Now().Add(-time.Hour+3*time.Second))
	require.Equal(t, 204, s.Call("POST", p.DatabaseURL+"/api/realtime", short, stream.Subscription("meetings/*")).Status)
	assert.True(t, stream.Ended())
}

func TestStreamEndsWhenServerStops(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := openSubscribed(t, p, "preferences/*")
	start := time.Now()
	require.NoError(t, s.Stop())
	assert.True(t, stream.Ended())
	assert.Less(t, time.Since(start), 10*time.Second, "an open stream delayed the stop")
}

func TestSubscriptionIsRefusedWhenSessionEndsMeanwhile(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	body := `{"clientId":"` + stream.ClientID + `","subscriptions":["preferences/*"]}`

	request := startSlowRequest(p, "/api/realtime", len(body)) // the session was valid so far
	request.send(body[:20])
	changePassword(p)
	request.send(body[20:])
	assert.Equal(t, 401, request.readStatus())
	assert.True(t, stream.Ended())
}
