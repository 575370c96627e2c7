package gateway_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestRealtimeThroughTheGateway(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")

	stream := apptest.OpenStream(t, p.DatabaseURL)
	subscribed := p.Own("POST", "/api/realtime", stream.Subscription("preferences/*"))
	require.Equal(t, 204, subscribed.Status, subscribed.Raw)
	created := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "theme", "value": "dark"})
	require.Equal(t, 200, created.Status, created.Raw)
	got := stream.Next()
	assert.Equal(t, "create", got.Data["action"])
	assert.Equal(t, "theme", got.Data["record"].(map[string]any)["key"])

	elsewhere := apptest.OpenStream(t, other.DatabaseURL)
	require.Equal(t, 204, other.Own("POST", "/api/realtime", elsewhere.Subscription("preferences/*")).Status)
	require.Equal(t, 200, p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "two"}).Status)
	require.Equal(t, 200, other.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "mine"}).Status)
	assert.Equal(t, "mine", elsewhere.Next().Data["record"].(map[string]any)["key"], "an event of one database reached another's stream")
}

func TestAStreamBelongsToWhoSubscribedIt(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)

	assert.Equal(t, 401, s.Call("POST", p.DatabaseURL+"/api/realtime", "", stream.Subscription("preferences/*")).Status)
	assert.Equal(t, 403, s.Call("POST", p.DatabaseURL+"/api/realtime", other.Session, stream.Subscription("preferences/*")).Status)
	hijack := other.Own("POST", "/api/realtime", stream.Subscription("preferences/*"))
	assert.Equal(t, 404, hijack.Status, "the client id is another database's: %s", hijack.Raw)
	assert.Equal(t, 404, p.Own("POST", "/api/realtime", map[string]any{"clientId": "nobody"}).Status)
	assert.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("preferences/*")).Status)
}

func TestStreamsOfMissingDatabasesLookTheSame(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	there, nowhere := apptest.OpenStream(t, p.DatabaseURL), apptest.OpenStream(t, s.URL+"/db/2020-01-01-001-nobody")
	assert.Equal(t, len(there.ClientID), len(nowhere.ClientID))
	for name := range there.Header {
		assert.Equal(t, there.Header[name], nowhere.Header[name], name)
	}
	assert.Zero(t, s.OpenDatabases(), "an anonymous stream opens no database")
}

func TestChangedPasswordEndsStreams(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("preferences/*")).Status)

	renamed := s.Call("PATCH", s.URL+"/api/collections/users/records/"+p.ID, p.Token, map[string]any{"name": "Ada"})
	require.Equal(t, 200, renamed.Status, renamed.Raw)
	require.Equal(t, 200, p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "still"}).Status)
	assert.Equal(t, "create", stream.Next().Data["action"], "another name is no reason to end a stream")

	changed := s.Call("PATCH", s.URL+"/api/collections/users/records/"+p.ID, p.Token, map[string]any{
		"oldPassword": apptest.Password, "password": "another-password", "passwordConfirm": "another-password"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.True(t, stream.Ended(), "the stream outlived the password")
}

func TestStoppingEndsStreams(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("preferences/*")).Status)
	began := time.Now()
	require.NoError(t, s.Stop())
	assert.True(t, stream.Ended())
	assert.Less(t, time.Since(began), 10*time.Second, "an open stream held up the stop")
}

func TestAStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	short := issued(t, p, time.Now().Add(-time.Hour+3*time.Second))
	require.Equal(t, 204, s.Call("POST", p.DatabaseURL+"/api/realtime", short, stream.Subscription("meetings/*")).Status)
	assert.True(t, stream.Ended())
}

// A stream needs no open database: nothing happens in a closed one. So there may
// be many more people with an open page than databases that are open.
func TestMoreStreamsThanOpenDatabases(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_MAX_OPEN=2", "USER_DB_IDLE_TIMEOUT=100ms"}})
	streams := map[string]*apptest.Stream{}
	var people []apptest.Person
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com"} {
		p := s.SignUp(email)
		people = append(people, p)
		streams[p.ID] = apptest.OpenStream(t, p.DatabaseURL)
		require.Equal(t, 204, p.Own("POST", "/api/realtime", streams[p.ID].Subscription("preferences/*")).Status)
	}
	for round := range 3 {
		for _, p := range people {
			created := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "k" + string(rune('a'+round)), "value": p.Email})
			require.Equal(t, 200, created.Status, created.Raw)
			got := streams[p.ID].Next()
			assert.Equal(t, "create", got.Data["action"])
			assert.Equal(t, p.Email, got.Data["record"].(map[string]any)["value"], "an event of somebody else")
			require.Equal(t, 204, p.Own("DELETE", "/api/collections/preferences/records/"+created.Text("id"), nil).Status)
			assert.Equal(t, "delete", streams[p.ID].Next().Data["action"])
		}
	}
	stats, err := s.App.Databases.Stats(t.Context())
	require.NoError(t, err)
	assert.LessOrEqual(t, stats.Pool.Open, 2)
	assert.Equal(t, 5, stats.Pool.Watchers)
	assert.Zero(t, stats.Pool.Busy, "nobody was refused")
	assert.GreaterOrEqual(t, stats.Pool.Evicted, uint64(10))

	// A stream whose database is closed ends with its session as well.
	parked := people[0]
	changed := s.Call("PATCH", s.URL+"/api/collections/users/records/"+parked.ID, parked.Token, map[string]any{
		"oldPassword": apptest.Password, "password": "another-password", "passwordConfirm": "another-password"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.True(t, streams[parked.ID].Ended())
	for _, p := range people[1:] {
		streams[p.ID].Close()
	}
	s.Eventually(func() bool { return s.OpenDatabases() == 0 })
}

func TestAStreamKeepsItsDatabaseOpenWhileThereIsRoom(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	watched, idle := s.SignUp("watched@example.com"), s.SignUp("idle@example.com")
	stream := apptest.OpenStream(t, watched.DatabaseURL)
	require.Equal(t, 204, watched.Own("POST", "/api/realtime", stream.Subscription("preferences/*")).Status)
	require.Equal(t, 200, idle.Own("GET", "/api/collections/meetings/records", nil).Status)
	s.Eventually(func() bool { return s.OpenDatabases() == 1 })
	infos, err := s.App.Databases.List(t.Context(), []string{watched.Name, idle.Name})
	require.NoError(t, err)
	assert.True(t, infos[0].Open)
	assert.Equal(t, 1, infos[0].Streams)
	assert.False(t, infos[1].Open)
	stream.Close()
	s.Eventually(func() bool { return s.OpenDatabases() == 0 })
}
