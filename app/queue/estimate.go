package queue

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// durations are how long jobs of a kind take, the latest counting most.
type durations struct {
	mu     sync.Mutex
	byKind map[string]time.Duration
}

// weight of the latest job in the average.
const weight = 0.2

func (d *durations) add(kind string, took time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byKind == nil {
		d.byKind = map[string]time.Duration{}
	}
	if before, ok := d.byKind[kind]; ok {
		took = time.Duration(weight*float64(took) + (1-weight)*float64(before))
	}
	d.byKind[kind] = max(took, time.Millisecond)
}

// of is how long a job of a kind takes; 0 where none has been seen.
func (d *durations) of(kind string) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.byKind[kind]
}

// learnDurations reads how long the latest jobs took, before the start.
func (q *Queue) learnDurations(ctx context.Context) error {
	var latest []struct {
		Kind     string `db:"kind"`
		Started  string `db:"started_at"`
		Finished string `db:"finished_at"`
	}
	err := q.app.ConcurrentDB().NewQuery(`SELECT kind, started_at, finished_at FROM (SELECT * FROM global_queue ORDER BY rowid DESC LIMIT 1000)
		WHERE status = 'completed' AND started_at != '' LIMIT 200`).WithContext(ctx).All(&latest)
	if err != nil {
		return fmt.Errorf("read how long jobs took: %w", err)
	}
	for i := len(latest) - 1; i >= 0; i-- {
		started, err := parseTime(latest[i].Started)
		if err != nil {
			return err
		}
		finished, err := parseTime(latest[i].Finished)
		if err != nil {
			return err
		}
		q.durations.add(latest[i].Kind, finished.Sub(started))
	}
	return nil
}
