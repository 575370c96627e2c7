package gateway_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// TestStreamsOutnumberOpenDatabases checks that a stream needs no open database: a closed database has no
// events. Far more people can thus have the web app open than databases may be open.
func TestStreamsOutnumberOpenDatabases(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_MAX_OPEN=2", "USER_DB_IDLE_TIMEOUT=100ms"}})
	streams := map[string]*apptest.Stream{} // by user id
	var people []apptest.Person
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com"} {
		p := s.SignUp(email)
		people = append(people, p)
		streams[p.ID] = openSubscribed(t, p, "preferences/*")
	}
	for round := range 3 {
		for _, p := range people {
			created := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "k" + string(rune('a'+round)), "value": p.Email})
			require.Equal(t, 200, created.Status, created.Raw)
			got := streams[p.ID].Next()
			assert.Equal(t, "create", got.Data["action"])
			assert.Equal(t, p.Email, got.Data["record"].(map[string]any)["value"], "the event belongs to another user")
			require.Equal(t, 204, p.Own("DELETE", "/api/collections/preferences/records/"+created.Text("id"), nil).Status)
			assert.Equal(t, "delete", streams[p.ID].Next().Data["action"])
		}
	}
	stats, err := s.App.Databases.Stats(t.Context())
	require.NoError(t, err)
	assert.LessOrEqual(t, stats.Pool.Open, 2)
	assert.Equal(t, 5, stats.Pool.Watchers)
	assert.Zero(t, stats.Pool.Busy, "no request was refused")
	assert.GreaterOrEqual(t, stats.Pool.Evicted, uint64(10))

	closed := people[0]
	changePassword(closed)
	assert.True(t, streams[closed.ID].Ended(), "a stream must end with its session even if its database is closed")
	for _, p := range people[1:] {
		streams[p.ID].Close()
	}
	s.Eventually(func() bool { return s.OpenDatabases() == 0 })
}

func TestStreamKeepsItsDatabaseOpenBelowTheLimit(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	watched, idle := s.SignUp("watched@example.com"), s.SignUp("idle@example.com")
	stream := openSubscribed(t, watched, "preferences/*")
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
