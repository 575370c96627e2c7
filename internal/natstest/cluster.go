package natstest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
)

// portsPerServer are those for clients, for other servers and for questions about the state.
const portsPerServer = 3

// StartCluster starts up to six servers that form a cluster, with further arguments as in Start, and waits until they
// are connected to each other.
func StartCluster(t testing.TB, count int, args ...string) []*Server {
	t.Helper()
	first := testport.ForTest(t, portsPerServer*count).First
	var routes []string
	for i := range count {
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", first+portsPerServer*i+1))
	}
	servers := make([]*Server, count)
	for i := range servers {
		port := first + portsPerServer*i
		servers[i] = newServer(t, port, append([]string{
			"--cluster_name", "test", "--cluster", routes[i], "--routes", strings.Join(routes, ","), "-m", strconv.Itoa(port + 2),
		}, args...))
		servers[i].RouteURL, servers[i].monitor = routes[i], port+2
		servers[i].launch()
	}
	for i, s := range servers {
		s.waitUntilReady()
		polltest.Until(t, interval, func() bool { return s.Routes() == count-1 }, "server %d isn't connected to all others", i+1)
	}
	return servers
}

// Routes returns to how many other servers of its cluster a server is connected.
func (s *Server) Routes() int {
	s.t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(fmt.Sprintf("http://127.0.0.1:%d/routez", s.monitor))
	require.NoError(s.t, err)
	defer response.Body.Close()
	var state struct {
		Routes []struct {
			RemoteID string `json:"remote_id"`
		} `json:"routes"`
	}
	require.NoError(s.t, json.NewDecoder(response.Body).Decode(&state))
	known := map[string]bool{}
	for _, route := range state.Routes { // newer versions have several to each server
		known[route.RemoteID] = true
	}
	return len(known)
}
