package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func (m *Metrics) defineWork() {
	m.opens = histogram("pool_open_duration_seconds", "How long it took to open user databases, by result: ok or failed.",
		[]float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 5}, "result")
	m.provisioning = histogram("provisioning_duration_seconds", "How long it took to create, complete or unpack user databases, by result: ok or failed.",
		[]float64{.005, .01, .025, .05, .1, .25, .5, 1, 5, 20, 60}, "result")
	m.jobs = histogram("job_duration_seconds", "How long runs of jobs took, by kind and outcome.",
		[]float64{.01, .1, .5, 1, 5, 15, 60, 300, 900, 3600}, "kind", "outcome")
	m.bytes = counter("recording_bytes_total", "Bytes of recordings that were moved, by direction: from_fathom, to_store or to_loom.", "direction")
	m.fathom = counter("fathom_calls_total", "Calls of Fathom and requests for files, by operation and result: ok or the class of the error.", "operation", "result")
	m.atlassian = counter("atlassian_calls_total", "Calls of Atlassian's MCP server, by result: ok or the class of the error.", "result")
	m.backups = counter("backups_total", "Backups that have ended, by result: ok, incomplete or failed.", "result")
	m.backupsTook = prometheus.NewHistogram(prometheus.HistogramOpts{
		Namespace: namespace, Name: "backup_duration_seconds", Help: "How long backups took, whatever their result.",
		Buckets: []float64{1, 5, 15, 60, 300, 900, 3600, 4 * 3600},
	})
	m.registry.MustRegister(m.opens, m.provisioning, m.jobs, m.bytes, m.fathom, m.atlassian, m.backups, m.backupsTook)
	// What alerts compare must exist before it happens for the first time.
	for _, direction := range []string{fromFathom, toStore, toLoom} {
		m.bytes.WithLabelValues(direction)
	}
	for _, result := range []string{backupOK, backupIncomplete, backupFailed} {
		m.backups.WithLabelValues(result)
	}
	for _, result := range []string{ok, failed} {
		m.opens.WithLabelValues(result)
		m.provisioning.WithLabelValues(result)
	}
}

const (
	ok     = "ok"
	failed = "failed"

	fromFathom = "from_fathom"
	toStore    = "to_store"
	toLoom     = "to_loom"

	backupOK         = ok
	backupIncomplete = "incomplete"
	backupFailed     = failed
)

func result(err error) string {
	if err != nil {
		return failed
	}
	return ok
}

// DatabaseOpened counts an opening of a user database.
func (m *Metrics) DatabaseOpened(took time.Duration, err error) {
	m.opens.WithLabelValues(result(err)).Observe(took.Seconds())
}

// DatabaseProvisioned counts a database that was created, completed or unpacked.
func (m *Metrics) DatabaseProvisioned(took time.Duration, err error) {
	m.provisioning.WithLabelValues(result(err)).Observe(took.Seconds())
}

// JobEnded counts a run of a job. kind and outcome must come from fixed lists.
func (m *Metrics) JobEnded(kind, outcome string, took time.Duration) {
	m.jobs.WithLabelValues(kind, outcome).Observe(took.Seconds())
}

// FromFathom counts bytes of recordings that have arrived.
func (m *Metrics) FromFathom(bytes int64) { m.bytes.WithLabelValues(fromFathom).Add(float64(bytes)) }

// ToStore counts bytes of recordings that the store has accepted.
func (m *Metrics) ToStore(bytes int64) { m.bytes.WithLabelValues(toStore).Add(float64(bytes)) }

// ToLoom counts bytes of recordings that were sent to Loom.
func (m *Metrics) ToLoom(bytes int64) { m.bytes.WithLabelValues(toLoom).Add(float64(bytes)) }

// FathomCalled counts a call. problem is the class of its error, blank after a success; both must come from fixed lists.
func (m *Metrics) FathomCalled(operation, problem string) {
	if problem == "" {
		problem = ok
	}
	m.fathom.WithLabelValues(operation, problem).Inc()
}

// AtlassianCalled counts a call. problem is the class of its error, blank after a success.
func (m *Metrics) AtlassianCalled(problem string) {
	if problem == "" {
		problem = ok
	}
	m.atlassian.WithLabelValues(problem).Inc()
}

// BackupEnded counts a backup. incomplete means that it lacks something.
func (m *Metrics) BackupEnded(took time.Duration, incomplete bool, err error) {
	outcome := backupOK
	switch {
	case err != nil:
		outcome = backupFailed
	case incomplete:
		outcome = backupIncomplete
	}
	m.backups.WithLabelValues(outcome).Inc()
	m.backupsTook.Observe(took.Seconds())
}
