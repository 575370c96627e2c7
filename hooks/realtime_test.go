package hooks_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sse is a realtime stream as EventSource would open it: without a token.
type sse struct {
	t        *testing.T
	clientID string
	events   chan event
	header   http.Header
	close    context.CancelFunc
}

type event struct {
	name string
	data map[string]any
}

func openStream(t *testing.T, base string) *sse {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/realtime", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.Equal(t, 200, response.StatusCode)
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))

	response.Header.Del("Date")
	s := &sse{t: t, events: make(chan event, 1000), header: response.Header, close: cancel}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(s.events)
		defer response.Body.Close()
		var current event
		scanner := bufio.NewScanner(response.Body)
		scanner.Buffer(nil, 10<<20)
		for scanner.Scan() {
			switch line := scanner.Text(); {
			case strings.HasPrefix(line, "event:"):
				current.name = strings.TrimPrefix(line, "event:")
			case strings.HasPrefix(line, "data:"):
				_ = json.Unmarshal([]byte(strings.TrimPrefix(line, "data:")), &current.data)
			case line == "":
				s.events <- current
				current = event{}
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	hello := s.next()
	require.Equal(t, "PB_CONNECT", hello.name)
	s.clientID, _ = hello.data["clientId"].(string)
	require.NotEmpty(t, s.clientID)
	return s
}

func (s *sse) next() event {
	s.t.Helper()
	select {
	case e, ok := <-s.events:
		require.True(s.t, ok, "the stream ended")
		return e
	case <-time.After(20 * time.Second):
		s.t.Fatal("no event came")
		return event{}
	}
}

func (s *sse) ended() bool {
	for {
		select {
		case _, ok := <-s.events:
			if !ok {
				return true
			}
		case <-time.After(20 * time.Second):
			return false
		}
	}
}

func subscription(stream *sse, topics ...string) map[string]any {
	return map[string]any{"clientId": stream.clientID, "subscriptions": topics}
}

func TestRealtimeThroughTheGateway(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, other := s.signUp("ada@example.com"), s.signUp("other@example.com")

	stream := openStream(t, p.db)
	subscribed := p.own("POST", "/api/realtime", subscription(stream, "preferences/*"))
	require.Equal(t, 204, subscribed.Status, subscribed.Raw)
	created := p.own("POST", "/api/collections/preferences/records", map[string]any{"key": "theme", "value": "dark"})
	require.Equal(t, 200, created.Status, created.Raw)
	got := stream.next()
	assert.Equal(t, "create", got.data["action"])
	assert.Equal(t, "theme", got.data["record"].(map[string]any)["key"])

	elsewhere := openStream(t, other.db)
	require.Equal(t, 204, other.own("POST", "/api/realtime", subscription(elsewhere, "preferences/*")).Status)
	require.Equal(t, 200, p.own("POST", "/api/collections/preferences/records", map[string]any{"key": "two"}).Status)
	require.Equal(t, 200, other.own("POST", "/api/collections/preferences/records", map[string]any{"key": "mine"}).Status)
	assert.Equal(t, "mine", elsewhere.next().data["record"].(map[string]any)["key"], "an event of one database reached another's stream")
}

func TestAStreamBelongsToWhoSubscribedIt(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, other := s.signUp("ada@example.com"), s.signUp("other@example.com")
	stream := openStream(t, p.db)

	assert.Equal(t, 401, s.call("POST", p.db+"/api/realtime", "", subscription(stream, "preferences/*")).Status)
	assert.Equal(t, 403, s.call("POST", p.db+"/api/realtime", other.session, subscription(stream, "preferences/*")).Status)
	hijack := other.own("POST", "/api/realtime", subscription(stream, "preferences/*"))
	assert.Equal(t, 404, hijack.Status, "the client id is another database's: %s", hijack.Raw)
	assert.Equal(t, 404, p.own("POST", "/api/realtime", map[string]any{"clientId": "nobody"}).Status)
	assert.Equal(t, 204, p.own("POST", "/api/realtime", subscription(stream, "preferences/*")).Status)
}

func TestStreamsOfMissingDatabasesLookTheSame(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	there, nowhere := openStream(t, p.db), openStream(t, s.url+"/db/2020-01-01-001-nobody")
	assert.Equal(t, len(there.clientID), len(nowhere.clientID))
	for name := range there.header {
		assert.Equal(t, there.header[name], nowhere.header[name], name)
	}
	assert.Zero(t, s.openDatabases(), "an anonymous stream opens no database")
}

func TestChangedPasswordEndsStreams(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	stream := openStream(t, p.db)
	require.Equal(t, 204, p.own("POST", "/api/realtime", subscription(stream, "preferences/*")).Status)

	renamed := s.call("PATCH", s.url+"/api/collections/users/records/"+p.id, p.token, map[string]any{"name": "Ada"})
	require.Equal(t, 200, renamed.Status, renamed.Raw)
	require.Equal(t, 200, p.own("POST", "/api/collections/preferences/records", map[string]any{"key": "still"}).Status)
	assert.Equal(t, "create", stream.next().data["action"], "another name is no reason to end a stream")

	changed := s.call("PATCH", s.url+"/api/collections/users/records/"+p.id, p.token, map[string]any{
		"oldPassword": userPassword, "password": "another-password", "passwordConfirm": "another-password"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.True(t, stream.ended(), "the stream outlived the password")
}

func TestStoppingEndsStreams(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	stream := openStream(t, p.db)
	require.Equal(t, 204, p.own("POST", "/api/realtime", subscription(stream, "preferences/*")).Status)
	began := time.Now()
	require.NoError(t, s.stop())
	assert.True(t, stream.ended())
	assert.Less(t, time.Since(began), 10*time.Second, "an open stream held up the stop")
}

func TestAStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	stream := openStream(t, p.db)
	short := issued(t, p, time.Now().Add(-time.Hour+3*time.Second))
	require.Equal(t, 204, s.call("POST", p.db+"/api/realtime", short, subscription(stream, "meetings/*")).Status)
	assert.True(t, stream.ended())
}

// A stream needs no open database: nothing happens in a closed one. So there may
// be many more people with an open page than databases that are open.
func TestMoreStreamsThanOpenDatabases(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"USER_DB_MAX_OPEN=2", "USER_DB_IDLE_TIMEOUT=100ms"}})
	streams := map[string]*sse{}
	var people []person
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com"} {
		p := s.signUp(email)
		people = append(people, p)
		streams[p.id] = openStream(t, p.db)
		require.Equal(t, 204, p.own("POST", "/api/realtime", subscription(streams[p.id], "preferences/*")).Status)
	}
	for round := range 3 {
		for _, p := range people {
			created := p.own("POST", "/api/collections/preferences/records", map[string]any{"key": "k" + string(rune('a'+round)), "value": p.email})
			require.Equal(t, 200, created.Status, created.Raw)
			got := streams[p.id].next()
			assert.Equal(t, "create", got.data["action"])
			assert.Equal(t, p.email, got.data["record"].(map[string]any)["value"], "an event of somebody else")
			require.Equal(t, 204, p.own("DELETE", "/api/collections/preferences/records/"+created.text("id"), nil).Status)
			assert.Equal(t, "delete", streams[p.id].next().data["action"])
		}
	}
	stats, err := s.app.Databases.Stats(t.Context())
	require.NoError(t, err)
	assert.LessOrEqual(t, stats.Pool.Open, 2)
	assert.Equal(t, 5, stats.Pool.Watchers)
	assert.Zero(t, stats.Pool.Busy, "nobody was refused")
	assert.GreaterOrEqual(t, stats.Pool.Evicted, uint64(10))

	// A stream whose database is closed ends with its session as well.
	parked := people[0]
	changed := s.call("PATCH", s.url+"/api/collections/users/records/"+parked.id, parked.token, map[string]any{
		"oldPassword": userPassword, "password": "another-password", "passwordConfirm": "another-password"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.True(t, streams[parked.id].ended())
	for _, p := range people[1:] {
		streams[p.id].close()
	}
	s.eventually(func() bool { return s.openDatabases() == 0 })
}

func TestAStreamKeepsItsDatabaseOpenWhileThereIsRoom(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	watched, idle := s.signUp("watched@example.com"), s.signUp("idle@example.com")
	stream := openStream(t, watched.db)
	require.Equal(t, 204, watched.own("POST", "/api/realtime", subscription(stream, "preferences/*")).Status)
	require.Equal(t, 200, idle.own("GET", "/api/collections/meetings/records", nil).Status)
	s.eventually(func() bool { return s.openDatabases() == 1 })
	infos, err := s.app.Databases.List(t.Context(), []string{watched.name, idle.name})
	require.NoError(t, err)
	assert.True(t, infos[0].Open)
	assert.Equal(t, 1, infos[0].Streams)
	assert.False(t, infos[1].Open)
	stream.close()
	s.eventually(func() bool { return s.openDatabases() == 0 })
}
