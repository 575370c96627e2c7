package hooks_test

import (
	"fmt"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func port(t *testing.T, link string) string {
	t.Helper()
	parsed, err := url.Parse(link)
	require.NoError(t, err)
	return parsed.Port()
}

func TestAPortForEveryActiveDatabase(t *testing.T) {
	t.Parallel()
	ports := freePorts(t, 4)
	var first, last int
	_, err := fmt.Sscanf(ports, "%d-%d", &first, &last)
	require.NoError(t, err)
	taken, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", first+1))
	require.NoError(t, err)
	defer taken.Close()

	s := start(t, options{settings: []string{"USER_DB_PORTS=" + ports}})
	people := []person{s.signUp("a@example.com"), s.signUp("b@example.com"), s.signUp("c@example.com")}
	seen := map[string]bool{}
	for _, p := range people {
		number := port(t, p.db)
		assert.NotEqual(t, fmt.Sprint(first+1), number, "a port that something else has is passed over")
		assert.False(t, seen[number], "two databases have port %s", number)
		seen[number] = true
		assert.EqualValues(t, number, fmt.Sprint(s.row(p.name)["port"]), "the registry says so")
		assert.Equal(t, 200, p.own("GET", "/api/collections/meetings/records", nil).Status)
		assert.Equal(t, 200, s.call("GET", s.url+"/db/"+p.name+"/api/health", p.session, nil).Status, "the path works as well")
		assert.Equal(t, p.db, s.call("POST", s.url+"/api/session", p.token, nil).text("url"), "and it stays")
		assert.Equal(t, 200, s.call("GET", p.db+"/_/", "", nil).Status)
	}
	assert.Equal(t, 403, s.call("GET", people[0].db+"/api/health", people[1].session, nil).Status)
	stream := openStream(t, people[0].db)
	require.Equal(t, 204, people[0].own("POST", "/api/realtime", subscription(stream, "preferences/*")).Status)
	require.Equal(t, 200, people[0].own("POST", "/api/collections/preferences/records", map[string]any{"key": "one"}).Status)
	assert.Equal(t, "create", stream.next().data["action"])

	require.Equal(t, 200, s.register("d@example.com").Status)
	refused := s.authenticate("d@example.com")
	assert.Equal(t, 503, refused.Status)
	assert.Contains(t, refused.text("message"), "port")
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Contains(t, s.log.String(), "widen USER_DB_PORTS")

	require.Equal(t, 204, s.call("DELETE", s.url+"/api/collections/users/records/"+people[1].id, people[1].token, nil).Status)
	assert.EqualValues(t, 0, s.row(people[1].name)["port"])
	reused := s.authenticate("d@example.com")
	require.Equal(t, 200, reused.Status, reused.Raw)
	assert.Equal(t, port(t, people[1].db), port(t, reused.text("meta.database.url")), "a released port is used again")
}

func TestPortsOutliveARestart(t *testing.T) {
	t.Parallel()
	ports := "USER_DB_PORTS=" + freePorts(t, 3)
	s := start(t, options{settings: []string{ports}})
	p, gone := s.signUp("ada@example.com"), s.signUp("gone@example.com")
	s.ago(gone.name, "sessions_until", time.Hour)
	require.NoError(t, s.stop())

	next := start(t, options{dir: s.dir, sim: s.sim, settings: []string{ports}})
	p.server, gone.server = next, next
	assert.Equal(t, 200, p.own("GET", "/api/collections/meetings/records", nil).Status, "the address a client has still works")
	assert.EqualValues(t, 0, next.row(gone.name)["port"], "a port whose sessions have ended is released")
	require.NoError(t, next.stop())

	without := start(t, options{dir: s.dir, sim: s.sim})
	assert.EqualValues(t, 0, without.row(p.name)["port"])
	assert.Equal(t, without.url+"/db/"+p.name, without.authenticate(p.email).text("meta.database.url"))
}
