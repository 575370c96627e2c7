package queue

import (
	"context"
	"fmt"
	"time"
)

// Stats describes the queue for an operator.
type Stats struct {
	Running  int                  `json:"running"`
	Waiting  int                  `json:"waiting"` // ready jobs
	Oldest   *time.Time           `json:"oldest"`  // the earliest run_at of the ready jobs; nil if there are none
	Paused   Pauses               `json:"paused"`
	Pauses   []Pause              `json:"pauses"`
	Statuses map[Status]int       `json:"statuses"`
	Kinds    map[string]KindStats `json:"kinds"`
}

// KindStats counts the jobs of one kind.
type KindStats struct {
	Pending    int     `json:"pending"`
	Processing int     `json:"processing"`
	Failed     int     `json:"failed"`
	Dead       int     `json:"dead"`
	Limit      int     `json:"limit,omitempty"` // jobs that may run at once; 0 means no limit
	Seconds    float64 `json:"seconds"`         // average duration of recent jobs; 0 if unknown
	Paused     bool    `json:"paused"`
}

// Stats counts all jobs.
func (r *reader) Stats(ctx context.Context) (Stats, error) {
	stats := Stats{Paused: r.pauses.list(), Statuses: map[Status]int{}, Kinds: map[string]KindStats{}}
	if err := r.countJobs(ctx, &stats); err != nil {
		return stats, err
	}
	var err error
	if stats.Pauses, err = r.pauses.read(ctx); err != nil {
		return stats, err
	}
	s, err := r.snapshot(ctx)
	if err != nil {
		return stats, err
	}
	stats.Running, stats.Waiting = stats.Statuses[StatusProcessing], s.ready
	stats.Oldest, err = r.oldestReady(ctx)
	return stats, err
}

// countJobs sets stats.Statuses and stats.Kinds. The number of completed jobs is the total minus all
// others, because counting them by status would read every job.
func (r *reader) countJobs(ctx context.Context, stats *Stats) error {
	for _, status := range Statuses() {
		stats.Statuses[status] = 0
	}
	for name, kind := range r.kinds.byName {
		stats.Kinds[name] = KindStats{
			Limit: kind.Limit, Seconds: r.durations.average(name).Seconds(), Paused: r.pauses.Paused().Has(name),
		}
	}
	var counts []struct {
		Kind   string `db:"kind"`
		Status Status `db:"status"`
		Count  int    `db:"count"`
	}
	if err := r.app.ConcurrentDB().NewQuery(countsSQL).WithContext(ctx).All(&counts); err != nil {
		return fmt.Errorf("count jobs by status: %w", err)
	}
	completed, err := r.countAll(ctx)
	if err != nil {
		return err
	}
	for _, c := range counts {
		kind := stats.Kinds[c.Kind]
		switch c.Status {
		case StatusPending:
			kind.Pending = c.Count
		case StatusProcessing:
			kind.Processing = c.Count
		case StatusFailed:
			kind.Failed = c.Count
		case StatusDead:
			kind.Dead = c.Count
		}
		stats.Kinds[c.Kind] = kind
		stats.Statuses[c.Status] += c.Count
		completed -= c.Count
	}
	stats.Statuses[StatusCompleted] = max(0, completed)
	return nil
}

// countAll returns the number of all jobs. There may be a million, and a superuser's overview needs the
// number every second, so it is cached.
func (r *reader) countAll(ctx context.Context) (int, error) {
	r.totalMu.Lock()
	defer r.totalMu.Unlock()
	began := r.now()
	if r.totalCost.isFresh(began) {
		return r.total, nil
	}
	if err := r.app.ConcurrentDB().NewQuery(countAllSQL).WithContext(ctx).Row(&r.total); err != nil {
		return 0, fmt.Errorf("count all jobs: %w", err)
	}
	read := r.now()
	r.totalCost = readCost{at: read, took: read.Sub(began)}
	return r.total, nil
}

func (r *reader) oldestReady(ctx context.Context) (*time.Time, error) {
	var oldest string
	if err := r.app.ConcurrentDB().NewQuery(oldestReadySQL).WithContext(ctx).Row(&oldest); err != nil {
		return nil, fmt.Errorf("find the oldest ready job: %w", err)
	}
	if oldest == "" {
		return nil, nil
	}
	at, err := parseTime(oldest)
	return &at, err
}
