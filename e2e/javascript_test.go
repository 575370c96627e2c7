package e2e

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/mailtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestPocketBaseSDK(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "pocketbase_sdk.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey)
}

func TestAPITokensWithThePocketBaseSDK(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "api_tokens.test.mjs", "SERVER_URL="+in.url, "SIM_KEY="+simulator.DemoAPIKey)
}

func TestAssistantsWithTheTypeScriptSDK(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "mcp.test.mjs", "SERVER_URL="+in.url, "SIM_KEY="+simulator.DemoAPIKey)
}

func TestAPITokensInABrowser(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "browser_tokens.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey)
}

func TestSettingsInABrowser(t *testing.T) {
	t.Parallel()
	keys := []string{"key-of-the-first-user", "key-of-the-second-user", "key-of-the-third-user"}
	sim := startSimulator(t, simulator.Config{APIKeys: keys})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "browser_settings.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","))
}

func TestSharedRecordingsInABrowser(t *testing.T) {
	t.Parallel()
	keys := []string{"key-of-the-first-user", "key-of-the-second-user", "key-of-the-third-user"}
	sim := startSimulator(t, simulator.Config{APIKeys: keys})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "browser_shares.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","))
}

func TestUploadsByHandInABrowser(t *testing.T) {
	t.Parallel()
	var keys []string // one for each test in the file
	for n := range 6 {
		keys = append(keys, fmt.Sprintf("key-of-user-%d", n))
	}
	sim := startSimulator(t, simulator.Config{APIKeys: keys})
	in := install(t, sim)
	in.serveSources()
	runNodeTests(t, "browser_upload.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","))
}

// make pictures writes the pictures into docs/pictures, from where README.md and docs/guide.md show them.
func TestPicturesOfTheWebApp(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim, "WORKER_CONCURRENCY=4")
	in.serve()
	folder := cmp.Or(os.Getenv("PICTURES"), t.TempDir())
	runNodeTests(t, "browser_pictures.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey, "PICTURES="+folder)
	taken, err := filepath.Glob(filepath.Join(folder, "*.png"))
	require.NoError(t, err)
	shown, err := filepath.Glob("../docs/pictures/*.png")
	require.NoError(t, err)
	assert.Len(t, taken, len(shown), "make pictures was not run after a change of the test")
}

func TestMeetingPageInABrowser(t *testing.T) {
	t.Parallel()
	var keys []string // one for each test in the file
	for n := range 7 {
		keys = append(keys, fmt.Sprintf("key-of-user-%d", n))
	}
	sim := startSimulator(t, simulator.Config{APIKeys: keys})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "browser_meeting.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","))
}

func TestAssistantsSignInInABrowser(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim, "MCP_OAUTH=on")
	in.env = append(in.env, "PUBLIC_URL="+in.url)
	in.serve()
	runNodeTests(t, "browser_oauth.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey)
}

func TestFathomSDKAgainstTheSimulator(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	runNodeTests(t, "fathom_sdk.test.mjs", "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey)
}

func TestWebAppInABrowser(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "browser.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey,
		"ADMIN_EMAIL="+in.keys.AdminEmail, "ADMIN_PASSWORD="+in.keys.AdminPassword.Reveal())
}

func TestPagesForOperatorsInABrowser(t *testing.T) {
	t.Parallel()
	keys := []string{"key-of-the-first-user", "key-of-the-second-user", "key-of-the-third-user"}
	sim := startSimulator(t, simulator.Config{APIKeys: keys})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "browser_operators.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","),
		"ADMIN_EMAIL="+in.keys.AdminEmail, "ADMIN_PASSWORD="+in.keys.AdminPassword.Reveal())
}

func TestSearchChaptersAndPostersInABrowser(t *testing.T) {
	t.Parallel()
	keys := []string{"key-of-the-first-user", "key-of-the-second-user", "key-of-the-third-user", "key-of-the-fourth-user"}
	sim := startSimulator(t, simulator.Config{APIKeys: keys})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "browser_search.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","))
}

func TestChoicesInABrowser(t *testing.T) {
	t.Parallel()
	keys := []string{"key-of-the-first-user", "key-of-the-second-user", "key-of-the-third-user", "key-of-the-fourth-user"}
	sim := startSimulator(t, simulator.Config{APIKeys: keys})
	in := install(t, sim, "WEBHOOKS=on")
	in.serve()
	runNodeTests(t, "browser_connections.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","))
}

func TestFirstRunInABrowser(t *testing.T) {
	t.Parallel()
	var keys []string
	for n := range 7 {
		keys = append(keys, fmt.Sprintf("key-of-user-%d", n))
	}
	sim := startSimulator(t, simulator.Config{APIKeys: keys, RecordingSize: 8e6})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "browser_first_run.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","))
}

func TestAccessibilityInABrowser(t *testing.T) {
	t.Parallel()
	var keys []string // one for each test in the file
	for n := range 4 {
		keys = append(keys, fmt.Sprintf("key-of-user-%d", n))
	}
	sim := startSimulator(t, simulator.Config{APIKeys: keys})
	in := install(t, sim, "MCP_OAUTH=on")
	in.env = append(in.env, "PUBLIC_URL="+in.url)
	in.serve()
	runNodeTests(t, "browser_accessibility.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","))
}

func TestWebAppInFirefox(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "browser_firefox.test.mjs", "SERVER_URL="+in.url, "SIM_KEY="+simulator.DemoAPIKey)
}

func TestLoomInABrowser(t *testing.T) {
	t.Parallel()
	var keys []string // one for each test in the file
	for n := range 8 {
		keys = append(keys, fmt.Sprintf("key-of-user-%d", n))
	}
	sim := startSimulator(t, simulator.Config{APIKeys: keys, RecordingSize: 30e6, Atlassian: &simulator.AtlassianConfig{Sites: []simulator.AtlassianSite{
		{ID: "11111111-6d6f-4b0e-9f57-0d1a2b3c4d5e", Name: "northwind", URL: "https://northwind.atlassian.net"},
		{ID: "22222222-6d6f-4b0e-9f57-0d1a2b3c4d5e", Name: "contoso", URL: "https://contoso.atlassian.net"},
		{ID: "33333333-6d6f-4b0e-9f57-0d1a2b3c4d5e", Name: "fabrikam", URL: "https://fabrikam.atlassian.net", NoLoom: true},
	}}})
	in := install(t, sim, "ATLASSIAN_MCP_URL="+sim.AtlassianURL(), "ATLASSIAN_MCP_UPLOAD_HOSTS=127.0.0.1:*", "ATLASSIAN_MCP_PROCESSING_WAIT=5s")
	in.serve()
	runNodeTests(t, "browser_loom.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","),
		"ATLASSIAN_EMAIL="+simulator.DemoAtlassianEmail, "ATLASSIAN_TOKEN="+simulator.DemoAtlassianToken, "ATLASSIAN_KEY="+simulator.DemoAtlassianKey,
		"SITE=northwind", "OTHER_SITE=contoso", "EMPTY_SITE=fabrikam")
}

func TestNoticesInABrowser(t *testing.T) {
	t.Parallel()
	mails := mailtest.Start(t, mailtest.Options{})
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim, "SMTP_HOST="+mails.Host, fmt.Sprintf("SMTP_PORT=%d", mails.Port), "SMTP_FROM=server@example.com")
	in.env = append(in.env, "PUBLIC_URL="+in.url)
	in.serve()
	runNodeTests(t, "browser_notices.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey,
		"ADMIN_EMAIL="+in.keys.AdminEmail, "ADMIN_PASSWORD="+in.keys.AdminPassword.Reveal(), "MAILS_URL="+serveMails(t, mails))
}

func TestAccountsInABrowser(t *testing.T) {
	t.Parallel()
	mails := mailtest.Start(t, mailtest.Options{})
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim, "SMTP_HOST="+mails.Host, fmt.Sprintf("SMTP_PORT=%d", mails.Port), "SMTP_FROM=server@example.com", "OPERATOR_CONTACT=help@example.com")
	in.env = append(in.env, "PUBLIC_URL="+in.url)
	in.serve()
	runNodeTests(t, "browser_account.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey,
		"ADMIN_EMAIL="+in.keys.AdminEmail, "ADMIN_PASSWORD="+in.keys.AdminPassword.Reveal(), "MAILS_URL="+serveMails(t, mails))
}

// serveMails serves the texts of the mails that a server has received as JSON.
func serveMails(t *testing.T, mails *mailtest.Server) string {
	t.Helper()
	received := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		texts := []string{}
		for _, mail := range mails.Mails() {
			texts = append(texts, mail.Text)
		}
		assert.NoError(t, json.NewEncoder(w).Encode(texts))
	}))
	t.Cleanup(received.Close)
	return received.URL
}

func TestSignUpPageInABrowser(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	var urls []string
	for _, mode := range []string{"open", "invite", "verified", "closed"} {
		// Mail is refused immediately, because nothing listens on port 9.
		in := install(t, sim, "SIGNUP="+mode, "SMTP_HOST=127.0.0.1", "SMTP_PORT=9", "SMTP_FROM=server@example.com")
		in.serve()
		urls = append(urls, strings.ToUpper(mode)+"_URL="+in.url)
	}
	runNodeTests(t, "sign_up.test.mjs", urls...)
}

func TestWebAppInSeveralTabs(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{RecordingSize: 30e6}) // more than a browser buffers
	in := install(t, sim)
	in.serveSources()
	runNodeTests(t, "browser_tabs.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey)
}

// The test kills and starts the server through a server of its own.
func TestProgressInABrowser(t *testing.T) {
	t.Parallel()
	keys := []string{"key-of-the-first-user", "key-of-the-second-user", "key-of-the-third-user", "key-of-the-fourth-user", "key-of-the-fifth-user"}
	sim := startSimulator(t, simulator.Config{APIKeys: keys, RecordingSize: 30e6})
	in := install(t, sim, "WORKER_CONCURRENCY=1")
	server := in.serve()
	control := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/kill":
			server.kill()
		case "/start":
			server = in.serve()
		}
	}))
	defer control.Close()
	runNodeTests(t, "browser_progress.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","), "CONTROL_URL="+control.URL)
}

func TestWebAppWithManyMeetings(t *testing.T) {
	t.Parallel()
	meetings := testsize.Of(2_000, 10_000)
	sim := startSimulator(t, simulator.Config{Meetings: meetings})
	in := install(t, sim)
	in.serve()
	runNodeTests(t, "browser_list.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey, "MEETINGS="+strconv.Itoa(meetings))
}

func TestWebAppWithLittleStorageAndOAuth(t *testing.T) {
	t.Parallel()
	keys := []string{"key-of-the-first-user", "key-of-the-second-user", "key-of-the-third-user", "key-of-the-fourth-user", "key-of-the-fifth-user"}
	sim := startSimulator(t, simulator.Config{APIKeys: keys, RecordingSize: 4e6})
	in := install(t, sim, "USER_DB_QUOTA=14MB", "GOOGLE_CLIENT_ID=google", "GOOGLE_CLIENT_SECRET=secret", "GITHUB_CLIENT_ID=github", "GITHUB_CLIENT_SECRET=secret")
	in.serveSources()
	runNodeTests(t, "browser_states.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","))
}

func TestWebAppTransfersAndLateParts(t *testing.T) {
	t.Parallel()
	var keys []string // one for each test in the file
	for n := range 7 {
		keys = append(keys, fmt.Sprintf("key-of-user-%d", n))
	}
	sim := startSimulator(t, simulator.Config{APIKeys: keys})
	in := install(t, sim, "FATHOM_PARTS_FOR=7d")
	in.serve()
	downloads := t.TempDir()
	runNodeTests(t, "browser_transfers.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+strings.Join(keys, ","), "DOWNLOADS="+downloads)
	for name, meetings := range map[string]int{"meeting.zip": 1, "selected.zip": 2, "matching.zip": 3} {
		files := unzip(t, filepath.Join(downloads, name), t.TempDir())
		videos := slices.DeleteFunc(slices.Clone(files), func(file string) bool { return filepath.Ext(file) != ".mp4" })
		assert.Len(t, videos, meetings, "%s: %v", name, files)
		assert.Contains(t, files, "index.md", name)
	}
}

// When every database has a port of its own, the web app makes cross-origin requests.
func TestWebAppWithAPortPerDatabase(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.withoutNginx() // which would need a site for each port
	in.env = append(in.env, fmt.Sprintf("USER_DB_PORTS=%d-%d", in.ports.First+1, in.ports.Last))
	in.serve()
	runNodeTests(t, "browser.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey,
		"ONLY=sign up, save the key, sync, transfer, hand over")
	port := in.userDatabases()["ada@example.com"].Port
	assert.Greater(t, port, in.ports.First)
	assert.LessOrEqual(t, port, in.ports.Last)
}

// nodeEnvironment returns an environment in which Node.js trusts the certificates of tests.
func nodeEnvironment(t *testing.T) []string {
	t.Helper()
	trusted, err := authorityFile()
	require.NoError(t, err)
	return append(environment(), "NODE_EXTRA_CA_CERTS="+trusted)
}

// runNodeTests runs a JavaScript test file. It fails when a test fails or is skipped, or when there is none.
func runNodeTests(t *testing.T, file string, env ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "node", "--test", "--test-reporter=spec", file)
	command.Env = append(nodeEnvironment(t), env...)
	out, err := command.CombinedOutput()
	t.Log(string(out))
	require.NoError(t, err)
	require.NotContains(t, string(out), "ℹ pass 0\n", "no test ran")
	require.Contains(t, string(out), "ℹ skipped 0\n", "a test was skipped")
}
