package e2e

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/mailtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// serveUnderAPath starts a server at http://127.0.0.1:PORT/f2l, behind nginx with the file for sites with other content.
func (in *installation) serveUnderAPath(settings ...string) {
	in.t.Helper()
	file, err := os.ReadFile("../deploy/nginx/under-a-path.conf")
	require.NoError(in.t, err)
	port := strconv.Itoa(in.ports.First + 1)
	proxy := startNginx(in.t, "server {\n listen 127.0.0.1:"+port+";\n location / { return 200 'another site'; }\n"+
		strings.ReplaceAll(string(file), "127.0.0.1:8090", in.ports.Address())+"}\n")
	proxy.await(in.t, "127.0.0.1:"+port)
	public := "http://127.0.0.1:" + port + "/f2l"
	in.env = append(append(in.env, "PUBLIC_URL="+public, "TRUSTED_PROXY_HEADERS=X-Real-IP"), settings...)
	in.url = public
	in.serve()
}

func TestPocketBaseSDKUnderAPath(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.serveUnderAPath()
	runNodeTests(t, "pocketbase_sdk.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey)
}

// The web app and both admin UIs. An everyday run leaves out the tests that open no further addresses.
func TestBrowserUnderAPath(t *testing.T) {
	t.Parallel()
	everyday := "sign up, save the key, sync, transfer, hand over\nstorage, data export and account deletion\n" +
		"a superuser opens a user’s database with the server’s credentials\nan operator sees the state of the server and charts of the last day"
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.serveUnderAPath()
	runNodeTests(t, "browser.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey,
		"ADMIN_EMAIL="+in.keys.AdminEmail, "ADMIN_PASSWORD="+in.keys.AdminPassword.Reveal(), "ONLY="+testsize.Of(everyday, ""))
}

func TestSharedRecordingsUnderAPath(t *testing.T) {
	t.Parallel()
	keys := []string{"key-of-the-first-user", "key-of-the-second-user"}
	sim := startSimulator(t, simulator.Config{APIKeys: keys})
	in := install(t, sim)
	in.serveUnderAPath()
	runNodeTests(t, "browser_shares.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","))
}

// Every address that the server hands out contains the path: redirects, databases, mails, webhooks and callbacks.
func TestAddressesUnderAPath(t *testing.T) {
	t.Parallel()
	mails := mailtest.Start(t, mailtest.Options{})
	sim := startSimulator(t, simulator.Config{Atlassian: &simulator.AtlassianConfig{}})
	in := install(t, sim, "SMTP_HOST="+mails.Host, fmt.Sprintf("SMTP_PORT=%d", mails.Port), "SMTP_FROM=server@example.com",
		"ATLASSIAN_MCP_URL="+sim.AtlassianURL(), "ATLASSIAN_MCP_UPLOAD_HOSTS=127.0.0.1:*")
	in.serveUnderAPath(webhookSettings...)
	who := in.newDemoAccount()
	assert.True(t, strings.HasPrefix(who.database, in.url+"/db/"), who.database)

	for _, link := range []string{in.url + "/_", who.database + "/_"} {
		response, err := http.DefaultTransport.RoundTrip(mustRequest(t, link))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, 3, response.StatusCode/100, link)
		assert.Equal(t, strings.TrimPrefix(link, in.url[:strings.LastIndex(in.url, "/")])+"/", response.Header.Get("Location"))
	}

	in.mustRequestVerification("ada@example.com")
	polltest.Until(t, 10*time.Millisecond, func() bool {
		return slices.ContainsFunc(mails.Mails(), func(mail mailtest.Mail) bool {
			return strings.Contains(strings.ReplaceAll(mail.Text, "=\r\n", ""), in.url+"/verify-email#")
		})
	}, "no mail with a link to the path arrived")

	webhook := in.requireActiveWebhook(sim)
	assert.True(t, strings.HasPrefix(webhook.URL, in.url+"/api/"), webhook.URL)

	answer := in.mustCall(http.MethodPost, who.database+"/api/loom/sign-in", who.session, object{"redirect": in.url})
	assert.Contains(t, answer["url"], "%2Ff2l%2Fatlassian-callback")
	response, err := httpClient.Get(in.url + "/atlassian-callback?code=c&state=s")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusOK, response.StatusCode)
	var refused object
	status, err := call(http.MethodPost, who.database+"/api/loom/sign-in", who.session, object{"redirect": strings.TrimSuffix(in.url, "/f2l")}, &refused)
	require.NoError(t, err)
	assert.Equal(t, http.StatusBadRequest, status, "the other content of the site isn't ours")
}

func mustRequest(t *testing.T, link string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	require.NoError(t, err)
	return request
}

// mustRequestVerification has the server send the mail that confirms an address.
func (in *installation) mustRequestVerification(email string) {
	in.t.Helper()
	status, err := call(http.MethodPost, in.url+"/api/collections/users/request-verification", "", object{"email": email}, &object{})
	require.NoError(in.t, err)
	require.Equal(in.t, http.StatusNoContent, status)
}
