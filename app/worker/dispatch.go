package worker

import (
	"context"
	"errors"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// dispatch claims jobs while slots are free, then waits until there may be work again. It returns when
// the context claiming ends. The jobs run with the context working, which ends later.
func (w *Worker) dispatch(claiming, working context.Context) {
	nextRun := time.NewTimer(0)
	defer nextRun.Stop()
	var maintainBy time.Time // new jobs and free slots, however frequent, don't put it off
	for maintain := true; ; {
		if maintain {
			maintainBy = time.Now().Add(w.pollInterval)
		}
		nextRun.Reset(min(w.poll(claiming, working, maintain), time.Until(maintainBy)))
		select {
		case <-claiming.Done():
			return
		case <-w.queue.Woken():
			maintain = false
		case <-w.slotFreed.C():
			maintain = false
		case <-w.pollNow.C():
			maintain = true
		case <-nextRun.C:
			maintain = true
		}
	}
}

// poll starts the jobs that are ready and returns how long to wait before the next poll. If maintain is
// set, it first makes due jobs ready. After an error, such as a full disk, the wait is the poll interval
// but at least a second.
func (w *Worker) poll(claiming, working context.Context, maintain bool) time.Duration {
	w.polling.begin(time.Now())
	var err error
	if maintain {
		err = w.maintain(claiming)
	}
	err = errors.Join(err, w.claimJobs(claiming, working))
	wait := w.pollInterval
	if err == nil {
		wait, err = w.untilNextRun(claiming)
	}
	w.polling.end(time.Now(), err)
	if err != nil {
		if claiming.Err() == nil {
			w.logger.Error("failed to poll the queue", "error", err)
		}
		return max(w.pollInterval, time.Second)
	}
	return wait
}

// maintain makes jobs ready that are scheduled, due, or were interrupted in another process. It also deletes
// old jobs of users who create many.
func (w *Worker) maintain(ctx context.Context) error {
	return errors.Join(w.queue.EnqueueScheduled(ctx), w.queue.Promote(ctx), w.queue.Rescue(ctx, w.isRunning), w.queue.TrimEnded(ctx))
}

// claimJobs starts jobs until no slot is free or no job is ready.
func (w *Worker) claimJobs(claiming, working context.Context) error {
	for claiming.Err() == nil {
		select {
		case w.slots <- struct{}{}:
		default:
			return nil
		}
		job, err := w.queue.Claim(claiming, w.id)
		if err != nil || job == nil {
			<-w.slots
			return err
		}
		w.polling.begin(time.Now()) // jobs may arrive faster than they are claimed
		w.jobs.Go(func() { w.runInSlot(claiming, working, job) })
	}
	return nil
}

// untilNextRun returns the time until the next job becomes due, but at most the poll interval.
func (w *Worker) untilNextRun(ctx context.Context) (time.Duration, error) {
	at, ok, err := w.queue.NextRun(ctx)
	if err != nil || !ok {
		return w.pollInterval, err
	}
	return min(w.pollInterval, max(at.Sub(w.queue.Now()), time.Millisecond)), nil
}

// runInSlot runs a job and then, in the same slot, each job that was claimed together with the
// completion of the one before it.
func (w *Worker) runInSlot(claiming, working context.Context, job *queue.Job) {
	for job != nil {
		ctx, cancel := context.WithCancelCause(working)
		w.mu.Lock()
		w.running[job.ID] = cancel
		w.mu.Unlock()
		a := newAttempt(w, *job)
		next := a.execute(ctx, cancel, claiming)
		w.mu.Lock()
		delete(w.running, job.ID)
		w.mu.Unlock()
		w.jobs.Go(func() { <-a.returned }) // Stop also waits for a handler that is stuck
		job = next
	}
	<-w.slots
	w.slotFreed.Signal()
}
