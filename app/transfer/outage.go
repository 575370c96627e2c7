package transfer

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	outageFailures = 3                // calls in a row that fail, of all users together
	outageAfter    = 20 * time.Second // since the first of them
	firstProbe     = 15 * time.Second // after the pause began; later intervals are half as long again
	maxProbe       = 2 * time.Minute
	probeTick      = 250 * time.Millisecond

	maxOutageRetry = 10 * time.Minute // longest wait of a job that is not held by the pause

	outageMessage = "Fathom can't be reached. Everything continues when it is back."
)

// outage notices that Fathom can't be reached, and ends when it responds again. In between, a pause holds the jobs
// that need it, so that nobody's attempts are used up and a single request at a time asks whether it is back.
type outage struct {
	wake background.Wake

	mu       sync.Mutex
	failures int       // in a row
	since    time.Time // the first of them
	down     bool
	logged   time.Time // when a failure was last logged
}

// mustLog reports whether a failure has to be logged: one a minute, however many jobs fail.
func (o *outage) mustLog(now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if now.Sub(o.logged) < time.Minute {
		return false
	}
	o.logged = now
	return true
}

// FathomCalled notes whether an attempt to call Fathom has reached it. It returns immediately.
func (s *Service) FathomCalled(reached bool) {
	o := &s.outage
	o.mu.Lock()
	defer o.mu.Unlock()
	if reached {
		o.failures = 0
		return
	}
	if o.failures++; o.failures == 1 {
		o.since = s.now()
	}
	if !o.down && o.failures >= outageFailures && s.now().Sub(o.since) >= outageAfter {
		o.down = true
		o.wake.Signal()
	}
}

func (o *outage) isDown() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.down
}

func (o *outage) set(down bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.down, o.failures = down, 0
}

var outagePause = queue.Pause{Kind: queue.Needing(needsFathom), Source: queue.SourceProvider, Reason: outageMessage}

// watchOutages pauses jobs during outages until ctx ends. It also continues an outage that an earlier process noticed.
func (s *Service) watchOutages(ctx context.Context) {
	where := dbx.HashExp{"kind": outagePause.Kind, "user": "", "source": string(outagePause.Source)}
	left, err := s.global.CountRecords(migrations.QueuePauses, where)
	if err != nil {
		s.logger.ErrorContext(ctx, "failed to find the pause of an earlier outage", "error", err)
	}
	s.outage.set(left > 0)
	for {
		if s.outage.isDown() {
			s.pauseUntilReached(ctx)
		}
		select {
		case <-s.outage.wake.C():
		case <-ctx.Done():
			return
		}
	}
}

// pauseUntilReached keeps the pause until Fathom responds. If ctx ends before that, the pause remains.
func (s *Service) pauseUntilReached(ctx context.Context) {
	s.logger.WarnContext(ctx, "paused the jobs that need Fathom, because it can't be reached")
	began := s.now()
	for interval := firstProbe; ; interval = min(interval*3/2, maxProbe) {
		// Again each time, because an operator may have ended the pause.
		if err := s.queue.AddPause(ctx, outagePause); err != nil && ctx.Err() == nil {
			s.logger.ErrorContext(ctx, "failed to pause the jobs that need Fathom", "error", err)
		}
		if s.waitUntil(ctx, s.now().Add(interval)) != nil {
			return
		}
		if err := s.fathom.Ping(ctx); err == nil {
			break
		}
	}
	s.outage.set(false)
	if _, err := s.queue.RemovePauses(ctx, outagePause.Kind, "", outagePause.Source); err != nil {
		s.logger.ErrorContext(ctx, "failed to continue the jobs that need Fathom", "error", err)
		s.outage.set(true) // the next probe tries again
		s.outage.wake.Signal()
		return
	}
	s.logger.InfoContext(ctx, "continued the jobs that need Fathom, because it responds again", "after", s.now().Sub(began).Round(time.Second))
}

// waitUntil waits until the service's clock, which a test may set, has reached a time. It returns ctx.Err if ctx ends
// first.
func (s *Service) waitUntil(ctx context.Context, at time.Time) error {
	tick := time.NewTicker(probeTick)
	defer tick.Stop()
	for s.now().Before(at) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// holdDuringOutage returns the error of a job that could not reach Fathom as a hold, if everybody's jobs are paused.
// Otherwise it makes the job wait longer, the longer Fathom, or the host of a file, hasn't been reached.
func (s *Service) holdDuringOutage(ctx context.Context, job queue.Job, err error) error {
	failure, ok := errors.AsType[*fathom.Error](err)
	snooze, snoozed := errors.AsType[*queue.SnoozeError](err)
	if !ok || !snoozed || failure.Kind != fathom.KindUnavailable {
		return err
	}
	if s.outage.mustLog(s.now()) {
		s.logger.WarnContext(ctx, "failed to reach Fathom; its jobs wait", "job", job.ID, "error", failure)
	}
	if s.outage.isDown() && !failure.OfFile() {
		return &queue.HoldError{Message: outageMessage, Err: failure}
	}
	snooze.After = max(snooze.After, min(job.Waited(s.now())/2, maxOutageRetry))
	if !failure.OfFile() {
		snooze.HoldOthers = snooze.After
	}
	return snooze
}
