package hooks_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// series are the values of a scrape, by name and labels as Prometheus prints them.
type series map[string]float64

// scrape reads the metrics of a server.
func scrape(t *testing.T, s *apptest.Server) series {
	t.Helper()
	got := s.Call(http.MethodGet, s.URL+"/metrics", "Bearer "+metricsToken, nil)
	require.Equal(t, 200, got.Status, got.Raw)
	values := series{}
	for line := range strings.Lines(got.Raw) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		at := strings.LastIndex(line, " ")
		value, err := strconv.ParseFloat(strings.TrimSpace(line[at+1:]), 64)
		require.NoError(t, err, line)
		values[line[:at]] = value
	}
	return values
}

// sum adds the values of a metric whose labels contain all texts.
func (v series) sum(name string, labels ...string) (total float64) {
next:
	for key, value := range v {
		if key != name && !strings.HasPrefix(key, name+"{") {
			continue
		}
		for _, label := range labels {
			if !strings.Contains(key, label) {
				continue next
			}
		}
		total += value
	}
	return total
}

func TestMetricsRequireTheirToken(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"METRICS_TOKEN=" + metricsToken}})
	strangers, operators := callers(s, s.SignUp("ada@example.com"))
	strangers["superuser"] = operators["superuser"] // Prometheus needs a token that doesn't expire
	for caller, token := range strangers {
		got := s.Call(http.MethodGet, s.URL+"/metrics", token, nil)
		assert.Equal(t, 401, got.Status, caller)
		assert.NotContains(t, got.Raw, "f2l_", caller)
	}
	assert.Equal(t, 200, s.Call(http.MethodGet, s.URL+"/metrics", operators["token"], nil).Status)
	assert.Equal(t, 200, s.Call(http.MethodGet, s.URL+"/metrics", "bearer "+metricsToken, nil).Status)

	without := apptest.Start(t, apptest.Options{})
	for _, token := range []string{"", "Bearer ", operators["token"], without.SuperuserToken()} {
		assert.Equal(t, 404, without.Call(http.MethodGet, without.URL+"/metrics", token, nil).Status)
	}
}

func TestRequestsAreCountedByClass(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"METRICS_TOKEN=" + metricsToken}})
	p := s.SignUp("ada@example.com")
	before := scrape(t, s)
	requests := []struct {
		route, method, status string
		times                 int
		send                  func() apptest.Answer
	}{
		{"db_records", "GET", "2xx", 7, func() apptest.Answer { return p.Own("GET", "/api/collections/meetings/records", nil) }},
		{"db_records", "GET", "4xx", 2, func() apptest.Answer { return p.Own("GET", "/api/collections/meetings/records/nothing", nil) }},
		{"db_other", "DELETE", "4xx", 3, func() apptest.Answer { return p.Own("DELETE", "/api/settings", nil) }},
		{"jobs", "GET", "2xx", 4, func() apptest.Answer { return p.Call("GET", s.URL+apptest.JobsPath, p.Token, nil) }},
		{"records", "GET", "2xx", 5, func() apptest.Answer {
			return p.Call("GET", s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil)
		}},
		{"sign_in", "POST", "4xx", 2, func() apptest.Answer {
			return p.Call("POST", s.URL+"/api/collections/users/auth-with-password", "", map[string]any{"identity": p.Email, "password": "wrong"})
		}},
		{"web_app", "GET", "4xx", 6, func() apptest.Answer { return p.Call("GET", s.URL+"/"+p.Name, "", nil) }},
		{"web_app", "other", "4xx", 2, func() apptest.Answer { return p.Call("ADA", s.URL+"/", "", nil) }},
		{"assistants", "POST", "4xx", 2, func() apptest.Answer { return p.Call("POST", s.URL+"/mcp", "", nil) }},
		{"admin_ui", "GET", "2xx", 3, func() apptest.Answer { return p.Call("GET", s.URL+"/_/", "", nil) }},
		{"health", "GET", "2xx", 3, func() apptest.Answer { return p.Call("GET", s.URL+"/livez", "", nil) }},
	}
	for _, r := range requests {
		for range r.times {
			got := r.send()
			require.Equal(t, r.status, fmt.Sprintf("%dxx", got.Status/100), "%s: %s", r.route, got.Raw)
		}
	}
	after := scrape(t, s)
	durations := map[string]int{}
	for _, r := range requests {
		key := fmt.Sprintf(`f2l_http_requests_total{method=%q,route=%q,status=%q}`, r.method, r.route, r.status)
		assert.EqualValues(t, r.times, after[key]-before[key], key)
		durations[r.route] += r.times
	}
	for route, times := range durations {
		key := fmt.Sprintf(`f2l_http_request_duration_seconds_count{route=%q}`, route)
		assert.EqualValues(t, times, after[key]-before[key], key)
	}
	assert.EqualValues(t, 1, after["f2l_http_requests_in_flight"], "the scrape itself")
	for key := range after {
		for _, private := range []string{p.ID, p.Name, p.Email, metricsToken} {
			assert.NotContains(t, key, private)
		}
	}
}

// metricNames are the names in a text, without the suffixes that Prometheus adds to histograms.
func metricNames(text string) map[string]bool {
	names := map[string]bool{}
	for _, name := range regexp.MustCompile(`\bf2l_[a-z0-9_]+`).FindAllString(text, -1) {
		for _, suffix := range []string{"_bucket", "_sum", "_count"} {
			if base := strings.TrimSuffix(name, suffix); strings.HasSuffix(base, "_seconds") {
				name = base
			}
		}
		names[name] = true
	}
	return names
}

// startMover starts a mover that gets nothing to do.
func startMover(t *testing.T, url string) {
	t.Helper()
	connected, err := bus.Connect(bus.Config{URLs: []string{url}, Name: "mover", InboxPrefix: "_INBOX_mover", Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(connected.Close)
	mover := dispatch.NewServer(dispatch.ServerConfig{
		Bus: connected, Cluster: "f2l", ID: "mover-1", Version: "1", Slots: 4,
		Move: func(context.Context, dispatch.Move, dispatch.Reporter) (string, error) { return "", nil },
	})
	require.NoError(t, mover.Start(context.Background()))
	t.Cleanup(func() { require.NoError(t, mover.Stop(context.Background())) })
}

// Alerts and charts that name a metric which doesn't exist never say anything.
func TestMetricsAreThoseOfTheDocumentationTheAlertsAndTheDashboard(t *testing.T) {
	t.Parallel()
	nats := natstest.Start(t)
	s := apptest.Start(t, apptest.Options{
		Settings: append(s3test.Start(t, s3test.Options{}).Settings(),
			"METRICS_TOKEN="+metricsToken, "BACKUP_DIR="+t.TempDir(), "BACKUP_KEY="+apptest.Secrets().BackupKey.Reveal(), "CLUSTER_URL="+nats.URL),
	})
	startMover(t, nats.URL)
	s.Eventually(func() bool { return len(s.App.Movers.Movers()) == 1 })
	p := s.SignUpWithMeetings("ada@example.com")
	_, err := s.App.Backups.Create(t.Context())
	require.NoError(t, err)
	s.App.Metrics.AtlassianCalled("") // which nothing calls without a connection to Loom
	exported := map[string]bool{}
	for key := range scrape(t, p.Server) {
		for name := range metricNames(key) {
			exported[name] = true
		}
	}
	read := func(file string) map[string]bool {
		content, err := os.ReadFile("../" + file)
		require.NoError(t, err)
		return metricNames(string(content))
	}
	assert.Equal(t, exported, read("docs/monitoring.md"), "docs/monitoring.md describes each metric, and no others")
	for _, file := range []string{"deploy/alerts.yml", "deploy/grafana-dashboard.json"} {
		names := read(file)
		assert.Greater(t, len(names), 10, file)
		for name := range names {
			assert.True(t, exported[name], "%s uses %s, which isn't exported", file, name)
		}
	}
}

// scrapeAfter reads the metrics once this many runs of syncs are counted, which happens after the jobs have ended.
func scrapeAfter(t *testing.T, s *apptest.Server, runs float64) (values series) {
	t.Helper()
	s.Eventually(func() bool {
		values = scrape(t, s)
		return values.sum("f2l_job_duration_seconds_count", `kind="fathom.sync"`) >= runs
	})
	return values
}

func TestMetricsAgreeWithWhatWasDone(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{
		SimulatorConfig: simulator.Config{Meetings: 100, Atlassian: &simulator.AtlassianConfig{}},
		Settings: []string{
			"METRICS_TOKEN=" + metricsToken, "WORKER_CONCURRENCY=8", "FATHOM_LIMITS=10000,10000,10000", "ATLASSIAN_MCP_PROCESSING_WAIT=0",
		},
	})
	p := s.SignUpWithMeetings("ada@example.com")
	before := scrapeAfter(t, s, 1)

	// 97 syncs succeed, and 3 people without a key fail.
	for range 97 {
		require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	}
	for i := range 3 {
		other := s.SignUp(fmt.Sprintf("no-key-%d@example.com", i))
		require.Equal(t, "dead", other.RunJob("fathom.sync", map[string]any{}).Text("status"))
	}
	after := scrapeAfter(t, s, before.sum("f2l_job_duration_seconds_count", `kind="fathom.sync"`)+100)
	runs := func(outcome string) float64 {
		return after.sum("f2l_job_duration_seconds_count", `kind="fathom.sync"`, outcome) - before.sum("f2l_job_duration_seconds_count", `kind="fathom.sync"`, outcome)
	}
	assert.EqualValues(t, 97, runs(`outcome="completed"`))
	assert.EqualValues(t, 3, runs(`outcome="dead"`))
	assert.EqualValues(t, 100, runs(""))
	assert.EqualValues(t, 3, after[`f2l_jobs{kind="fathom.sync",status="dead"}`])
	assert.EqualValues(t, 0, after[`f2l_jobs{kind="fathom.sync",status="pending"}`])
	assert.EqualValues(t, 3, after.sum("f2l_provisioning_duration_seconds_count", `result="ok"`)-before.sum("f2l_provisioning_duration_seconds_count", `result="ok"`))
	assert.GreaterOrEqual(t, after.sum("f2l_fathom_calls_total", `operation="list meetings"`, `result="ok"`)-before.sum("f2l_fathom_calls_total", `operation="list meetings"`, `result="ok"`), 97.0)
	assert.EqualValues(t, 0, after.sum("f2l_fathom_calls_total")-after.sum("f2l_fathom_calls_total", `result="ok"`))
	assert.Less(t, after[`f2l_fathom_budget_calls_left{budget="calls"}`], after[`f2l_fathom_budget_calls{budget="calls"}`])

	meetings := p.ListOwn("meetings", "")
	moved := func(meeting map[string]any, before series, uploaded float64) series {
		require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": meeting["recording_id"]}).Text("status"))
		recording := p.ListOwn("recordings", fmt.Sprintf("recording_id=%v", meeting["recording_id"]))[0]
		size, now := recording["size"].(float64), scrape(t, s)
		for direction, want := range map[string]float64{"from_fathom": size, "to_store": size, "to_loom": uploaded * size} {
			key := fmt.Sprintf(`f2l_recording_bytes_total{direction=%q}`, direction)
			assert.InDelta(t, want, now[key]-before[key], 0, key)
		}
		return now
	}
	handedOver := moved(meetings[0], after, 0)
	assert.EqualValues(t, 1, handedOver[`f2l_fathom_calls_total{operation="fetch file",result="ok"}`])
	assert.Zero(t, handedOver.sum("f2l_atlassian_calls_total"))

	saved := p.Own(http.MethodPost, "/api/collections/connections/records", map[string]any{
		"provider": "loom", "secret": simulator.DemoAtlassianToken, "settings": map[string]any{"method": "token", "email": simulator.DemoAtlassianEmail},
	})
	require.Equal(t, 200, saved.Status, saved.Raw)
	s.Eventually(func() bool { return len(p.ListOwn("connections", "provider='loom' && status='valid'")) == 1 })
	uploaded := moved(meetings[1], handedOver, 1)
	assert.Len(t, s.Simulator.Uploads(), 1)
	assert.Positive(t, uploaded.sum("f2l_atlassian_calls_total"))
}
