package worker

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// stallAfter is how long the worker may be unable to claim jobs before that is a problem. A backup may lock the database
// for some seconds.
const stallAfter = time.Minute

// ErrNotRunning means that the worker has not started or has stopped.
var ErrNotRunning = errors.New("the worker isn't running")

// Stalled returns an error if the worker claims no jobs: ErrNotRunning, or why it hasn't been able to for a minute.
func (w *Worker) Stalled() error {
	if !w.dispatcher.Running() {
		return ErrNotRunning
	}
	return w.polling.stalled(time.Now())
}

// polling is what the polls of a worker tell about it. Safe for concurrent use.
type polling struct {
	mu      sync.Mutex
	began   time.Time // the current poll, or the last claim in it; zero between polls
	failing time.Time // the first of the consecutive polls that failed; zero after a success
	err     error     // of the last poll
}

func (p *polling) begin(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.began = now
}

// end records the outcome of a poll.
func (p *polling) end(now time.Time, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.began, p.err = time.Time{}, err
	switch {
	case err == nil:
		p.failing = time.Time{}
	case p.failing.IsZero():
		p.failing = now
	}
}

func (p *polling) stalled(now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !p.failing.IsZero() && now.Sub(p.failing) > stallAfter:
		return fmt.Errorf("poll the queue, which has failed for %s: %w", now.Sub(p.failing).Round(time.Second), p.err)
	case !p.began.IsZero() && now.Sub(p.began) > stallAfter:
		return fmt.Errorf("poll the queue, which has waited for the database for %s", now.Sub(p.began).Round(time.Second))
	}
	return nil
}
