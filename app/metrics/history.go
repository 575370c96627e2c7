package metrics

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
)

const (
	sampleEvery = time.Minute
	maxSamples  = 24 * 60 // a day
)

// chart is a series of History: the sum of a metric over all labels but some.
type chart struct {
	name   string
	metric string // without its namespace, unless it is one of Go or of the process
	label  string // that must have one of the values; blank means all
	values []string
	grows  bool // shows the growth since the sample before
}

var charts = []chart{
	{name: "requests", metric: "f2l_http_requests_total", grows: true},
	{name: "failed_requests", metric: "f2l_http_requests_total", label: "status", values: []string{"5xx"}, grows: true},
	{name: "open_databases", metric: "f2l_pool_open_databases"},
	{name: "waiting_jobs", metric: "f2l_jobs", label: "status", values: []string{"pending"}},
	{name: "running_jobs", metric: "f2l_jobs", label: "status", values: []string{"processing"}},
	{name: "failed_runs", metric: "f2l_job_duration_seconds", label: "outcome", values: []string{"failed", "dead"}, grows: true},
	{name: "received_bytes", metric: "f2l_recording_bytes_total", label: "direction", values: []string{fromFathom}, grows: true},
	{name: "sent_bytes", metric: "f2l_recording_bytes_total", label: "direction", values: []string{toLoom}, grows: true},
	{name: "free_disk", metric: "f2l_disk_free_bytes"},
	{name: "memory", metric: "process_resident_memory_bytes"},
}

// History is the last day, minute by minute, for operators without Prometheus. It begins with the process.
type History struct {
	Times  []int64              `json:"times"`  // Unix times in seconds
	Series map[string][]float64 `json:"series"` // by name; each has as many values as Times
}

// history collects a History. Safe for concurrent use.
type history struct {
	mu     sync.Mutex
	kept   History
	totals map[string]float64 // at the last sample, of the series that grow
	group  background.Group
}

// Start takes a sample every minute until Stop.
func (m *Metrics) Start(ctx context.Context) error {
	m.history.group.Start(ctx)
	return m.history.group.Go(func(ctx context.Context) {
		m.Sample(time.Now())
		background.Every(ctx, sampleEvery, func(context.Context) { m.Sample(time.Now()) })
	})
}

// Stop ends the samples. It may be called more than once and without Start.
func (m *Metrics) Stop(ctx context.Context) error {
	if err := m.history.group.Stop(ctx); err != nil {
		return fmt.Errorf("wait for a sample of metrics: %w", err)
	}
	return nil
}

// Sample adds the values at a moment to the History.
func (m *Metrics) Sample(at time.Time) {
	families, _ := m.registry.Gather() // what can't be read is 0
	byName := map[string]*dto.MetricFamily{}
	for _, family := range families {
		byName[family.GetName()] = family
	}
	h := &m.history
	h.mu.Lock()
	defer h.mu.Unlock()
	first := h.totals == nil
	if first {
		h.totals, h.kept.Series = map[string]float64{}, map[string][]float64{}
	}
	h.kept.Times = append(lastOf(h.kept.Times), at.Unix())
	for _, c := range charts {
		value := c.sum(byName[c.metric])
		if c.grows {
			before := h.totals[c.name]
			h.totals[c.name] = value
			value = max(value-before, 0)
			if first {
				value = 0 // nobody knows since when it has grown
			}
		}
		h.kept.Series[c.name] = append(lastOf(h.kept.Series[c.name]), value)
	}
}

// lastOf returns what remains of a series when another value is added.
func lastOf[T any](series []T) []T {
	if len(series) < maxSamples {
		return series
	}
	return append(series[:0], series[len(series)-maxSamples+1:]...)
}

func (c chart) sum(family *dto.MetricFamily) (total float64) {
	for _, metric := range family.GetMetric() {
		if c.label != "" && !slices.ContainsFunc(metric.GetLabel(), func(pair *dto.LabelPair) bool {
			return pair.GetName() == c.label && slices.Contains(c.values, pair.GetValue())
		}) {
			continue
		}
		total += metric.GetCounter().GetValue() + metric.GetGauge().GetValue() + float64(metric.GetHistogram().GetSampleCount())
	}
	return total
}

// History returns the samples of the last day.
func (m *Metrics) History() History {
	m.history.mu.Lock()
	defer m.history.mu.Unlock()
	copied := History{Times: append([]int64{}, m.history.kept.Times...), Series: map[string][]float64{}}
	for _, c := range charts {
		copied.Series[c.name] = append([]float64{}, m.history.kept.Series[c.name]...)
	}
	return copied
}
