package gateway_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// openSubscribed opens a stream to a person's database and subscribes it to a topic.
func openSubscribed(t *testing.T, p apptest.Person, topic string) *apptest.Stream {
	t.Helper()
	stream := apptest.OpenStream(t, p.DatabaseURL)
	subscribed := p.Own("POST", "/api/realtime", stream.Subscription(topic))
	require.Equal(t, 204, subscribed.Status, subscribed.Raw)
	return stream
}

// savePreference creates a preference in a person's database.
func savePreference(p apptest.Person, key string) {
	p.T.Helper()
	created := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": key})
	require.Equal(p.T, 200, created.Status, created.Raw)
}

// nextKey returns the key of the preference in the next event.
func nextKey(stream *apptest.Stream) any {
	return stream.Next().Data["record"].(map[string]any)["key"]
}

func TestEventsReachOnlySubscribersOfTheirDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")

	stream := openSubscribed(t, p, "preferences/*")
	savePreference(p, "theme")
	got := stream.Next()
	assert.Equal(t, "create", got.Data["action"])
	assert.Equal(t, "theme", got.Data["record"].(map[string]any)["key"])

	otherStream := openSubscribed(t, other, "preferences/*")
	savePreference(p, "two")
	savePreference(other, "other")
	assert.Equal(t, "other", nextKey(otherStream), "an event reached a stream of another database")
}

func TestOnlyTheOwnerSubscribesAStream(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)

	assert.Equal(t, 401, s.Call("POST", p.DatabaseURL+"/api/realtime", "", stream.Subscription("preferences/*")).Status)
	assert.Equal(t, 403, s.Call("POST", p.DatabaseURL+"/api/realtime", other.Session, stream.Subscription("preferences/*")).Status)
	hijack := other.Own("POST", "/api/realtime", stream.Subscription("preferences/*"))
	assert.Equal(t, 404, hijack.Status, "the client id belongs to another database: %s", hijack.Raw)
	assert.Equal(t, 404, p.Own("POST", "/api/realtime", map[string]any{"clientId": "nobody"}).Status)
	assert.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("preferences/*")).Status)
}

func TestStreamOfMissingDatabaseLooksTheSame(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	existing, missing := apptest.OpenStream(t, p.DatabaseURL), apptest.OpenStream(t, s.URL+"/db/2020-01-01-001-nobody")
	assert.Equal(t, len(existing.ClientID), len(missing.ClientID))
	assert.Equal(t, lasting(existing.Header), lasting(missing.Header))
	assert.Zero(t, s.OpenDatabases(), "an anonymous stream opens no database")
}
