package gateway_test

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
)

func portOf(t *testing.T, link string) string {
	t.Helper()
	parsed, err := url.Parse(link)
	require.NoError(t, err)
	return parsed.Port()
}

// portsSetting returns the setting of a server whose databases have ports of their own.
func portsSetting(ports *testport.Block) string {
	return fmt.Sprintf("USER_DB_PORTS=%d-%d", ports.First, ports.Last)
}

func TestEveryActiveDatabaseHasAPort(t *testing.T) {
	t.Parallel()
	ports := testport.ForTest(t, 4)
	usedPort := ports.First + 1
	other, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(usedPort)))
	require.NoError(t, err)
	defer other.Close()

	s := apptest.Start(t, apptest.Options{Settings: []string{portsSetting(ports)}})
	people := []apptest.Person{s.SignUp("a@example.com"), s.SignUp("b@example.com"), s.SignUp("c@example.com")}
	assigned := map[string]bool{}
	for _, p := range people {
		port := portOf(t, p.DatabaseURL)
		assert.NotEqual(t, strconv.Itoa(usedPort), port, "another program listens on the port")
		assert.False(t, assigned[port], "two databases have port %s", port)
		assigned[port] = true
		number, err := strconv.Atoi(port)
		require.NoError(t, err)
		assert.EqualValues(t, number, s.RegistryRow(p.Name)["port"])
		assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
		assert.Equal(t, 200, s.Call("GET", s.URL+"/db/"+p.Name+"/api/health", p.Session, nil).Status, "the path must work too")
		assert.Equal(t, p.DatabaseURL, s.Call("POST", s.URL+"/api/session", p.Token, nil).Text("url"), "the port must not change")
		page := s.Call("GET", p.DatabaseURL+"/_/", "", nil)
		assert.Equal(t, 200, page.Status)
		assert.Equal(t, "no-referrer", page.Header.Get("Referrer-Policy"), "ports have the headers of the server")
	}
	assert.Equal(t, 403, s.Call("GET", people[0].DatabaseURL+"/api/health", people[1].Session, nil).Status)
	stream := openSubscribed(t, people[0], "preferences/*")
	savePreference(people[0], "one")
	assert.Equal(t, "create", stream.Next().Data["action"])

	require.Equal(t, 200, s.SignUpOnly("d@example.com").Status)
	for range 3 {
		byPath := s.SignIn("d@example.com")
		require.Equal(t, 200, byPath.Status, byPath.Raw)
		assert.Equal(t, s.URL+"/db/"+byPath.Text("meta.database.name"), byPath.Text("meta.database.url"), "every port is in use")
		d := apptest.Person{Server: s, DatabaseURL: byPath.Text("meta.database.url"), Session: byPath.Text("meta.database.token")}
		assert.Equal(t, 200, d.Own("GET", "/api/collections/meetings/records", nil).Status)
	}
	assert.Equal(t, 1, strings.Count(s.Log.String(), "widen USER_DB_PORTS"), "logged once, not at every sign-in")

	require.Equal(t, 204, s.Call("DELETE", s.URL+"/api/collections/users/records/"+people[1].ID, people[1].Token, nil).Status)
	assert.EqualValues(t, 0, s.RegistryRow(people[1].Name)["port"])
	accepted := s.SignIn("d@example.com")
	require.Equal(t, 200, accepted.Status, accepted.Raw)
	assert.Equal(t, portOf(t, people[1].DatabaseURL), portOf(t, accepted.Text("meta.database.url")), "a released port must be used again")
}

func TestPortsSurviveARestart(t *testing.T) {
	t.Parallel()
	ports := portsSetting(testport.ForTest(t, 3))
	s := apptest.Start(t, apptest.Options{Settings: []string{ports}})
	active, expired := s.SignUp("active@example.com"), s.SignUp("expired@example.com")
	s.Backdate(expired.Name, "sessions_until", time.Hour)
	require.NoError(t, s.Stop())

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator, Settings: []string{ports}})
	active.Server, expired.Server = next, next
	assert.Equal(t, 200, active.Own("GET", "/api/collections/meetings/records", nil).Status, "a client's address must stay valid")
	assert.EqualValues(t, 0, next.RegistryRow(expired.Name)["port"], "the port must be released when all sessions have ended")
	require.NoError(t, next.Stop())

	pathMode := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	assert.EqualValues(t, 0, pathMode.RegistryRow(active.Name)["port"])
	assert.Equal(t, pathMode.URL+"/db/"+active.Name, pathMode.SignIn(active.Email).Text("meta.database.url"))
}
