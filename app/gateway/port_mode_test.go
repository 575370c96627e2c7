package gateway_test

import (
	"fmt"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
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

	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_PORTS=" + ports}})
	people := []apptest.Person{s.SignUp("a@example.com"), s.SignUp("b@example.com"), s.SignUp("c@example.com")}
	seen := map[string]bool{}
	for _, p := range people {
		number := port(t, p.DatabaseURL)
		assert.NotEqual(t, fmt.Sprint(first+1), number, "a port that something else has is passed over")
		assert.False(t, seen[number], "two databases have port %s", number)
		seen[number] = true
		assert.EqualValues(t, number, fmt.Sprint(s.RegistryRow(p.Name)["port"]), "the registry says so")
		assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
		assert.Equal(t, 200, s.Call("GET", s.URL+"/db/"+p.Name+"/api/health", p.Session, nil).Status, "the path works as well")
		assert.Equal(t, p.DatabaseURL, s.Call("POST", s.URL+"/api/session", p.Token, nil).Text("url"), "and it stays")
		assert.Equal(t, 200, s.Call("GET", p.DatabaseURL+"/_/", "", nil).Status)
	}
	assert.Equal(t, 403, s.Call("GET", people[0].DatabaseURL+"/api/health", people[1].Session, nil).Status)
	stream := apptest.OpenStream(t, people[0].DatabaseURL)
	require.Equal(t, 204, people[0].Own("POST", "/api/realtime", stream.Subscription("preferences/*")).Status)
	require.Equal(t, 200, people[0].Own("POST", "/api/collections/preferences/records", map[string]any{"key": "one"}).Status)
	assert.Equal(t, "create", stream.Next().Data["action"])

	require.Equal(t, 200, s.SignUpOnly("d@example.com").Status)
	refused := s.SignIn("d@example.com")
	assert.Equal(t, 503, refused.Status)
	assert.Contains(t, refused.Text("message"), "port")
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Contains(t, s.Log.String(), "widen USER_DB_PORTS")

	require.Equal(t, 204, s.Call("DELETE", s.URL+"/api/collections/users/records/"+people[1].ID, people[1].Token, nil).Status)
	assert.EqualValues(t, 0, s.RegistryRow(people[1].Name)["port"])
	reused := s.SignIn("d@example.com")
	require.Equal(t, 200, reused.Status, reused.Raw)
	assert.Equal(t, port(t, people[1].DatabaseURL), port(t, reused.Text("meta.database.url")), "a released port is used again")
}

func TestPortsOutliveARestart(t *testing.T) {
	t.Parallel()
	ports := "USER_DB_PORTS=" + freePorts(t, 3)
	s := apptest.Start(t, apptest.Options{Settings: []string{ports}})
	p, gone := s.SignUp("ada@example.com"), s.SignUp("gone@example.com")
	s.Backdate(gone.Name, "sessions_until", time.Hour)
	require.NoError(t, s.Stop())

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator, Settings: []string{ports}})
	p.Server, gone.Server = next, next
	assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status, "the address a client has still works")
	assert.EqualValues(t, 0, next.RegistryRow(gone.Name)["port"], "a port whose sessions have ended is released")
	require.NoError(t, next.Stop())

	without := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	assert.EqualValues(t, 0, without.RegistryRow(p.Name)["port"])
	assert.Equal(t, without.URL+"/db/"+p.Name, without.SignIn(p.Email).Text("meta.database.url"))
}
