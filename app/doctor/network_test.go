package doctor_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/proxytest"
)

func TestTakenPortsAreReported(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	taken := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "PB_GLOBAL_PORT="+taken), "ports", doctor.Fail, "another program listens on 127.0.0.1:"+taken)
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "USER_DB_PORTS="+taken+"-"+taken), "ports", doctor.Warn, "1 port of USER_DB_PORTS can't be used, such as "+taken)
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "BIND_ADDRESS=192.0.2.1"), "ports", doctor.Fail, "doesn't have the address")
}

func TestPublicURLIsTried(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	other := apptest.Start(t, apptest.Options{})
	proxy := func(status int) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", map[bool]string{true: "https://example.com"}[status == http.StatusMovedPermanently])
			w.WriteHeader(status)
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	own := "PB_GLOBAL_PORT=" + s.URL[strings.LastIndex(s.URL, ":")+1:]
	for url, want := range map[string]struct {
		status doctor.Status
		text   string
	}{
		s.URL:      {doctor.OK, "leads to this server"},
		other.URL:  {doctor.Fail, "leads to another server"},
		nobody:     {doctor.Warn, "can't be reached from this machine"},
		proxy(502): {doctor.Warn, "doesn't lead to this server: the answer has status 502"},
		proxy(200): {doctor.Warn, "isn't that of Fathom-to-Loom"},
		proxy(301): {doctor.Warn, "redirects to another address"},
	} {
		requireFinding(t, examine(t, s.Dir, doctor.Config{}, own, "PUBLIC_URL="+url), "public URL", want.status, want.text)
	}
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "PUBLIC_URL="+proxy(502)), "public URL", doctor.OK, "reports that the server doesn't run")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "PUBLIC_URL="+s.URL), "public URL", doctor.Warn, "no server runs on the data directory, but one answers")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "PUBLIC_URL=https://127.0.0.1:1"), "public URL", doctor.Warn, "TRUSTED_PROXY_HEADERS is not set")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "BIND_ADDRESS=0.0.0.0", "TRUSTED_PROXY_HEADERS=X-Real-IP"), "public URL", doctor.Warn, "choose any address")
}

func TestOutboundProxyIsTried(t *testing.T) {
	t.Parallel()
	proxy := proxytest.Start(t, proxytest.Options{})
	link := proxy.WithCredentials("user", "a-proxy-password").String()
	report := examine(t, t.TempDir(), doctor.Config{}, "HTTPS_PROXY="+link, "FATHOM_API_URL=https://fathom.invalid")
	requireFinding(t, report, "outbound proxy", doctor.OK, "accepts connections")
	requireFinding(t, report, "Fathom", doctor.Warn, "can't be reached")
	text, err := json.Marshal(report)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "a-proxy-password")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "HTTPS_PROXY="+nobody), "outbound proxy", doctor.Warn, "can't be reached")
}
