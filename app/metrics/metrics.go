// Package metrics is what the server measures about itself, for Prometheus.
//
// Events, such as a request or the end of a job, are counted when they happen. States, such as the number of jobs, are read
// when somebody asks. docs/monitoring.md describes each metric; a test compares the two. The values of labels come from
// fixed lists: a user, a database or a path must never be one.
//
// A [Metrics] is safe for concurrent use. The package must not know the services, which are given its methods as callbacks.
package metrics

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// namespace starts the names of all metrics but those of Go and of the process.
const namespace = "f2l"

// Build describes the running program.
type Build struct {
	Version    string
	Schema     string // of the global database
	UserSchema string // of user databases
}

// Config configures Metrics. Everything is optional.
type Config struct {
	Build Build

	// Read returns the state of the services. It is called for each request of Prometheus and must return soon. What it
	// can't read, it leaves out and lists in State.Failed.
	Read func(ctx context.Context) State

	Logger *slog.Logger // default: discards everything
}

// Metrics holds all metrics of a server. It must be created with New.
type Metrics struct {
	registry *prometheus.Registry
	handler  http.Handler

	requests        *prometheus.CounterVec
	requestDuration *prometheus.HistogramVec
	inFlight        prometheus.Gauge

	opens        *prometheus.HistogramVec
	provisioning *prometheus.HistogramVec

	jobs        *prometheus.HistogramVec
	bytes       *prometheus.CounterVec
	fathom      *prometheus.CounterVec
	atlassian   *prometheus.CounterVec
	backups     *prometheus.CounterVec
	backupsTook prometheus.Histogram
}

// New returns Metrics with a registry of its own.
func New(cfg Config) *Metrics {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.defineRequests()
	m.defineWork()
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: namespace, Name: "build_info", Help: "1, with the version of the program and of its schemas.",
		ConstLabels: prometheus.Labels{"version": cfg.Build.Version, "schema": cfg.Build.Schema, "user_schema": cfg.Build.UserSchema},
	})
	build.Set(1)
	m.registry.MustRegister(build, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if cfg.Read != nil {
		m.registry.MustRegister(newStateCollector(cfg.Read))
	}
	m.handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: maxScrapes, ErrorHandling: promhttp.ContinueOnError, ErrorLog: errorLog{cfg.Logger},
	})
	return m
}

// maxScrapes limits how many requests read the metrics at once.
const maxScrapes = 4

// Handler responds with all metrics in the formats of Prometheus. The caller decides who may read them.
func (m *Metrics) Handler() http.Handler { return m.handler }

type errorLog struct{ logger *slog.Logger }

// Println implements promhttp.Logger.
func (l errorLog) Println(what ...any) { l.logger.Warn("failed to read metrics", "error", what) }

func histogram(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}
