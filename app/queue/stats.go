package queue

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Stats is the queue as operators see it.
type Stats struct {
	Running  int                  `json:"running"`
	Waiting  int                  `json:"waiting"` // due
	Oldest   *time.Time           `json:"oldest"`  // since when the longest waiting job is due
	Paused   Pauses               `json:"paused"`
	Pauses   []Pause              `json:"pauses"`
	Statuses map[string]int       `json:"statuses"`
	Kinds    map[string]KindStats `json:"kinds"`
}

// KindStats are those of one kind of job.
type KindStats struct {
	Pending    int     `json:"pending"`
	Processing int     `json:"processing"`
	Failed     int     `json:"failed"`
	Dead       int     `json:"dead"`
	Limit      int     `json:"limit,omitempty"` // of jobs at once
	Seconds    float64 `json:"seconds"`         // how long one takes, lately
	Paused     bool    `json:"paused"`
}

// Stats counts the jobs.
func (q *Queue) Stats(ctx context.Context) (s Stats, err error) {
	s = Stats{Paused: q.pausedList(), Statuses: map[string]int{}, Kinds: map[string]KindStats{}}
	for _, status := range Statuses() {
		s.Statuses[status] = 0
	}
	for name, kind := range q.kinds {
		s.Kinds[name] = KindStats{Limit: kind.Limit, Seconds: q.durations.of(name).Seconds(), Paused: q.Paused().Has(name)}
	}
	var counts []struct {
		Kind   string `db:"kind"`
		Status string `db:"status"`
		Count  int    `db:"count"`
	}
	err = q.app.ConcurrentDB().NewQuery(`
		SELECT kind, status, COUNT(*) AS count FROM global_queue WHERE finished_at = '' GROUP BY kind, status
		UNION ALL SELECT kind, status, COUNT(*) FROM global_queue WHERE status = 'dead' GROUP BY kind
		UNION ALL SELECT kind, status, COUNT(*) FROM global_queue WHERE status = 'cancelled' GROUP BY kind`).
		WithContext(ctx).All(&counts)
	if err != nil {
		return s, fmt.Errorf("count the jobs: %w", err)
	}
	completed, err := q.countAll(ctx)
	if err != nil {
		return s, err
	}
	for _, c := range counts {
		kind := s.Kinds[c.Kind]
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
		s.Kinds[c.Kind] = kind
		s.Statuses[c.Status] += c.Count
		completed -= c.Count
	}
	s.Statuses[StatusCompleted] = max(0, completed)
	if s.Pauses, err = q.pauses(ctx); err != nil {
		return s, err
	}
	standing, err := q.standing(ctx)
	if err != nil {
		return s, err
	}
	s.Running, s.Waiting = s.Statuses[StatusProcessing], standing.ready
	var oldest string
	err = q.app.ConcurrentDB().NewQuery(`SELECT COALESCE(MIN(run_at), '') FROM global_queue WHERE ready = TRUE`).WithContext(ctx).Row(&oldest)
	if err != nil {
		return s, fmt.Errorf("find the job that waits longest: %w", err)
	}
	if oldest != "" {
		at, err := parseTime(oldest)
		if err != nil {
			return s, err
		}
		s.Oldest = &at
	}
	return s, nil
}

// countAll counts every job that there is. That may be a million, most of them
// completed, and somebody may ask each second.
func (q *Queue) countAll(ctx context.Context) (int, error) {
	t := &q.total
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.isFresh(t.at, t.took) {
		return t.count, nil
	}
	began := time.Now()
	if err := q.app.ConcurrentDB().NewQuery("SELECT COUNT(*) FROM global_queue").WithContext(ctx).Row(&t.count); err != nil {
		return 0, fmt.Errorf("count all jobs: %w", err)
	}
	t.at, t.took = time.Now(), time.Since(began)
	return t.count, nil
}

// total is how many jobs there were a moment ago.
type total struct {
	mu    sync.Mutex
	count int
	at    time.Time
	took  time.Duration
}
