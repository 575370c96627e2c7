package queue

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// durations keeps a moving average of how long the jobs of each kind take.
type durations struct {
	mu     sync.Mutex
	byKind map[string]time.Duration
}

func newDurations() durations { return durations{byKind: map[string]time.Duration{}} }

// latestWeight is the share of the latest job in the average.
const latestWeight = 0.2

func (d *durations) record(kind string, took time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if average, ok := d.byKind[kind]; ok {
		took = time.Duration(latestWeight*float64(took) + (1-latestWeight)*float64(average))
	}
	d.byKind[kind] = max(took, time.Millisecond)
}

// average returns the average duration of a kind, or 0 if no job of the kind has completed yet.
func (d *durations) average(kind string) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.byKind[kind]
}

// load records the durations of jobs that completed before this process started.
func (d *durations) load(ctx context.Context, app core.App) error {
	var latest []struct {
		Kind     string `db:"kind"`
		Started  string `db:"started_at"`
		Finished string `db:"finished_at"`
	}
	if err := app.ConcurrentDB().NewQuery(recentDurationsSQL).WithContext(ctx).All(&latest); err != nil {
		return fmt.Errorf("read durations of completed jobs: %w", err)
	}
	for _, job := range slices.Backward(latest) { // the latest job last, because it counts most
		started, err := parseTime(job.Started)
		if err != nil {
			return err
		}
		finished, err := parseTime(job.Finished)
		if err != nil {
			return err
		}
		d.record(job.Kind, finished.Sub(started))
	}
	return nil
}
