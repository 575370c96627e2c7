package metrics_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/metrics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// read returns what Prometheus reads.
func read(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	response := httptest.NewRecorder()
	m.Handler().ServeHTTP(response, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.Equal(t, http.StatusOK, response.Code)
	return response.Body.String()
}

func send(m *metrics.Metrics, method string, handler http.HandlerFunc) *httptest.ResponseRecorder {
	response := httptest.NewRecorder()
	classify := func(*http.Request) metrics.Route { return metrics.Route{Name: "test"} }
	m.Measure(classify, handler).ServeHTTP(response, httptest.NewRequest(method, "/", nil))
	return response
}

func TestStatusIsTheOneThatTheClientGets(t *testing.T) {
	t.Parallel()
	m := metrics.New(metrics.Config{})
	send(m, http.MethodGet, func(http.ResponseWriter, *http.Request) {})
	send(m, http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusNotFound)
		w.WriteHeader(http.StatusOK) // too late
	})
	send(m, "INVENTED", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	response := send(m, http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
		_, err := io.Copy(w, strings.NewReader("hello"))
		assert.NoError(t, err)
		assert.NoError(t, http.NewResponseController(w).Flush())
	})
	assert.Equal(t, "hello", response.Body.String())
	assert.True(t, response.Flushed)
	text := read(t, m)
	for _, line := range []string{
		`f2l_http_requests_total{method="GET",route="test",status="2xx"} 2`,
		`f2l_http_requests_total{method="GET",route="test",status="4xx"} 1`,
		`f2l_http_requests_total{method="other",route="test",status="5xx"} 1`,
		`f2l_http_request_duration_seconds_count{route="test"} 4`,
		`f2l_http_requests_in_flight 0`,
	} {
		assert.Contains(t, text, line+"\n")
	}
}

func TestStateThatCanNotBeReadIsReportedAndLeftOut(t *testing.T) {
	t.Parallel()
	m := metrics.New(metrics.Config{Read: func(ctx context.Context) metrics.State {
		_, limited := ctx.Deadline()
		assert.True(t, limited)
		return metrics.State{Pool: &metrics.Pool{Open: 3}, Failed: []string{metrics.PartQueue}}
	}})
	text := read(t, m)
	assert.Contains(t, text, "f2l_pool_open_databases 3\n")
	assert.Contains(t, text, `f2l_scrape_failed{part="queue"} 1`)
	assert.Contains(t, text, `f2l_scrape_failed{part="backup"} 0`)
	assert.NotContains(t, text, "f2l_jobs{")
}

func TestHistoryIsTheLastDay(t *testing.T) {
	t.Parallel()
	open := 0
	m := metrics.New(metrics.Config{Read: func(context.Context) metrics.State {
		open++
		return metrics.State{Pool: &metrics.Pool{Open: open}}
	}})
	start := time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)
	m.JobEnded("fathom.sync", "dead", time.Second) // before the first sample, which can't tell when
	m.Sample(start)
	m.JobEnded("fathom.sync", "completed", time.Second)
	m.JobEnded("fathom.sync", "failed", time.Second)
	m.JobEnded("recording.transfer", "dead", time.Second)
	m.FromFathom(1000)
	send(m, http.MethodGet, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	send(m, http.MethodGet, func(http.ResponseWriter, *http.Request) {})
	m.Sample(start.Add(time.Minute))
	m.Sample(start.Add(2 * time.Minute))
	h := m.History()
	assert.Equal(t, []int64{start.Unix(), start.Unix() + 60, start.Unix() + 120}, h.Times)
	assert.Equal(t, []float64{0, 2, 0}, h.Series["failed_runs"])
	assert.Equal(t, []float64{0, 2, 0}, h.Series["requests"])
	assert.Equal(t, []float64{0, 1, 0}, h.Series["failed_requests"])
	assert.Equal(t, []float64{0, 1000, 0}, h.Series["received_bytes"])
	assert.Equal(t, []float64{1, 2, 3}, h.Series["open_databases"])
	for i := range 24 * 60 {
		m.Sample(start.Add(time.Duration(i+3) * time.Minute))
	}
	h = m.History()
	assert.Len(t, h.Times, 24*60)
	assert.Equal(t, start.Add((24*60+2)*time.Minute).Unix(), h.Times[len(h.Times)-1])
	for name, series := range h.Series {
		assert.Len(t, series, len(h.Times), name)
	}
}

func TestResultsOfWork(t *testing.T) {
	t.Parallel()
	m := metrics.New(metrics.Config{Build: metrics.Build{Version: "1.2.3", Schema: "a", UserSchema: "b"}})
	m.BackupEnded(time.Second, false, nil)
	m.BackupEnded(time.Second, true, nil)
	m.BackupEnded(time.Second, true, errors.New("failed"))
	m.DatabaseOpened(time.Millisecond, errors.New("failed"))
	m.FathomCalled("list meetings", "")
	m.AtlassianCalled("blocked")
	m.ToLoom(7)
	text := read(t, m)
	for _, line := range []string{
		`f2l_build_info{schema="a",user_schema="b",version="1.2.3"} 1`,
		`f2l_backups_total{result="ok"} 1`, `f2l_backups_total{result="incomplete"} 1`, `f2l_backups_total{result="failed"} 1`,
		`f2l_pool_open_duration_seconds_count{result="failed"} 1`, `f2l_pool_open_duration_seconds_count{result="ok"} 0`,
		`f2l_fathom_calls_total{operation="list meetings",result="ok"} 1`, `f2l_atlassian_calls_total{result="blocked"} 1`,
		`f2l_recording_bytes_total{direction="to_loom"} 7`,
	} {
		assert.Contains(t, text, line+"\n")
	}
	assert.Contains(t, text, "\ngo_goroutines ")
}
