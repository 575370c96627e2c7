package queue

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Counts are the numbers of jobs, for monitoring. The caller must not change them.
type Counts struct {
	Jobs   map[Status]map[string]int // by status and kind, without those that have completed; 0 for kinds without jobs
	Oldest time.Time                 // the earliest run_at of the ready jobs; zero if there are none
	Paused Pauses                    // kinds that are paused for all users
}

// countedStatuses are those of Counts. Completed jobs are the many that nobody waits for.
var countedStatuses = []Status{StatusPending, StatusProcessing, StatusFailed, StatusDead, StatusCancelled}

// latestCounts are the Counts that were read last.
type latestCounts struct {
	mu      sync.Mutex
	counts  Counts
	changes uint64 // published before they were read
	at      time.Time
	cost    readCost
}

// maxCountsAge is how old Counts may be if nothing was published since: other processes may change jobs, too.
const maxCountsAge = time.Minute

// Counts counts all jobs but those that have completed. It reads the database only if a job has changed, and seldom if
// that is expensive (see readCost.isFresh).
func (r *reader) Counts(ctx context.Context) (Counts, error) {
	latest := &r.counted
	latest.mu.Lock()
	defer latest.mu.Unlock()
	changes, began := r.events.count(), r.now()
	unchanged := changes == latest.changes && began.Sub(latest.at) < maxCountsAge
	if !latest.at.IsZero() && (unchanged || latest.cost.isFresh(began)) {
		latest.counts.Paused = r.pauses.PausedFor("")
		return latest.counts, nil
	}
	counts, err := r.readCounts(ctx)
	if err != nil {
		return Counts{}, err
	}
	read := r.now()
	latest.counts, latest.changes, latest.at, latest.cost = counts, changes, read, readCost{at: read, took: read.Sub(began)}
	return counts, nil
}

func (r *reader) readCounts(ctx context.Context) (Counts, error) {
	counts := Counts{Jobs: map[Status]map[string]int{}, Paused: r.pauses.PausedFor("")}
	for _, status := range countedStatuses {
		counts.Jobs[status] = map[string]int{}
		for _, kind := range r.kinds.Kinds() {
			counts.Jobs[status][kind] = 0
		}
	}
	var rows []struct {
		Kind   string `db:"kind"`
		Status Status `db:"status"`
		Count  int    `db:"count"`
	}
	if err := r.app.ConcurrentDB().NewQuery(countsSQL).WithContext(ctx).All(&rows); err != nil {
		return Counts{}, fmt.Errorf("count jobs: %w", err)
	}
	for _, row := range rows {
		if !r.kinds.has(row.Kind) {
			row.Kind = "unknown" // of another version
		}
		if counts.Jobs[row.Status] != nil {
			counts.Jobs[row.Status][row.Kind] += row.Count
		}
	}
	oldest, err := r.oldestReady(ctx)
	if err == nil && oldest != nil {
		counts.Oldest = *oldest
	}
	return counts, err
}
