package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
)

// Stats describes the queue for an operator.
type Stats struct {
	Running  int                  `json:"running"`
	Waiting  int                  `json:"waiting"`     // ready jobs
	Oldest   *time.Time           `json:"oldest"`      // the earliest run_at of the ready jobs; nil if there are none
	Paused   Pauses               `json:"paused"`      // kinds that are paused for all users
	Pauses   []Pause              `json:"pauses"`      // at most 200; those for all users come first
	Total    int                  `json:"pause_count"` // number of all pauses
	Statuses map[Status]int       `json:"statuses"`
	Kinds    map[string]KindStats `json:"kinds"`

	// Lags reports whether jobs have changed since they were counted. Later Stats contain these changes.
	Lags bool `json:"-"`
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
	stats := Stats{Paused: r.pauses.PausedFor(""), Statuses: map[Status]int{}, Kinds: map[string]KindStats{}}
	if err := r.countJobs(ctx, &stats); err != nil {
		return stats, err
	}
	var err error
	if stats.Pauses, stats.Total, err = r.pauses.listed(ctx); err != nil {
		return stats, err
	}
	s, err := r.snapshot(ctx)
	if err != nil {
		return stats, err
	}
	stats.Lags = stats.Lags || r.lags(s.changes)
	stats.Running, stats.Waiting = stats.Statuses[StatusProcessing], s.ready
	stats.Oldest, err = r.oldestReady(ctx)
	return stats, err
}

// maxListedPauses limits how many pauses Stats lists. There may be one for every user.
const maxListedPauses = 200

// listed returns the first pauses, with the e-mail addresses of their users, and how many there are in all.
func (p *pauses) listed(ctx context.Context) (listed []Pause, total int, err error) {
	all := p.current.Load().list
	listed = append([]Pause{}, all[:min(len(all), maxListedPauses)]...)
	userIDs, emails := []string{}, map[string]string{}
	for _, pause := range listed {
		if pause.UserID != "" {
			userIDs = append(userIDs, pause.UserID)
		}
	}
	if len(userIDs) == 0 {
		return listed, len(all), nil
	}
	ids, err := json.Marshal(userIDs)
	if err != nil {
		return nil, 0, err
	}
	var users []struct{ ID, Email string }
	if err := p.app.ConcurrentDB().NewQuery(emailsSQL).Bind(dbx.Params{"ids": string(ids)}).WithContext(ctx).All(&users); err != nil {
		return nil, 0, fmt.Errorf("read the users of pauses: %w", err)
	}
	for _, user := range users {
		emails[user.ID] = user.Email
	}
	for i := range listed {
		listed[i].Email = emails[listed[i].UserID]
	}
	return listed, len(all), nil
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
	completed, changes, err := r.countAll(ctx)
	if err != nil {
		return err
	}
	stats.Lags = r.lags(changes)
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

// countAll returns the number of all jobs, and how many changes had been published before they were counted. There may
// be a million jobs, and a superuser's overview needs the number every second, so it is cached.
func (r *reader) countAll(ctx context.Context) (total int, changes uint64, err error) {
	r.totalMu.Lock()
	defer r.totalMu.Unlock()
	changes, began := r.events.count(), r.now()
	if r.totalCost.isFresh(began) {
		return r.total, r.totalChanges, nil
	}
	if err := r.app.ConcurrentDB().NewQuery(countAllSQL).WithContext(ctx).Row(&r.total); err != nil {
		return 0, 0, fmt.Errorf("count all jobs: %w", err)
	}
	read := r.now()
	r.totalCost, r.totalChanges = readCost{at: read, took: read.Sub(began)}, changes
	return r.total, changes, nil
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
