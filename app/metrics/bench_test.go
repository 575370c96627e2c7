package metrics_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/fathom-to-loom/fathom-to-loom/app/metrics"
)

// BenchmarkMeasure is what measuring adds to each request.
func BenchmarkMeasure(b *testing.B) {
	m := metrics.New(metrics.Config{})
	classify := func(*http.Request) metrics.Route { return metrics.Route{Name: "db_records"} }
	handler := m.Measure(classify, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	response, request := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	b.ReportAllocs()
	for b.Loop() {
		handler.ServeHTTP(response, request)
	}
}
