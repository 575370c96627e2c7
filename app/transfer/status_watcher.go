package transfer

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

const (
	alignAgain    = time.Second // after a database couldn't be had
	alignAttempts = 30          // after that it is left to the next opening of the database
)

// follower brings transfers in line with their jobs, one after the other, so that
// nobody who changes a job waits for a user database.
type follower struct {
	mu      sync.Mutex
	waiting map[string]*unaligned // by job
	noted   chan struct{}
	end     context.CancelFunc
	ended   chan struct{}
}

// unaligned is a job that its transfer may not know the state of.
type unaligned struct {
	job      *core.Record // as it was, where it may be gone
	attempts int
}

// JobsChanged is a queue.Observer.
func (s *Service) JobsChanged(_ context.Context, changes []queue.Change) {
	f := &s.follower
	f.mu.Lock()
	for _, change := range changes {
		shown := change.Action == queue.ActionDelete || change.Action == queue.ActionCreate && change.Status == queue.StatusPending
		if change.Kind == KindTransfer && !shown && implied(change.Status) != "" {
			f.waiting[change.ID] = &unaligned{}
		}
	}
	f.mu.Unlock()
	f.wake()
}

// showWithin is how long whoever creates or deletes a job may wait for its
// transfer to say so.
const showWithin = 200 * time.Millisecond

// ShowJob has the transfer of a job that was created or deleted say so: at once
// where its database is to be had, else soon.
func (s *Service) ShowJob(ctx context.Context, job *core.Record) {
	if job.GetString("kind") != KindTransfer {
		return
	}
	f := &s.follower
	soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), showWithin)
	defer cancel()
	if f.waitsFor(job.GetString("user")) || s.jobChanged(soon, job) != nil {
		f.mu.Lock()
		f.waiting[job.Id] = &unaligned{job: job}
		f.mu.Unlock()
		f.wake()
	}
}

// waitsFor says whether a user's database couldn't be had a moment ago: a batch is
// not to wait for it with each of its jobs.
func (f *follower) waitsFor(userID string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, u := range f.waiting {
		if u.job != nil && u.job.GetString("user") == userID {
			return true
		}
	}
	return false
}

func (f *follower) wake() {
	select {
	case f.noted <- struct{}{}:
	default:
	}
}

// Start begins to bring transfers in line with their jobs.
func (s *Service) Start() {
	ctx, end := context.WithCancel(context.Background())
	s.follower.end, s.follower.ended = end, make(chan struct{})
	go s.follow(ctx)
}

func (s *Service) follow(ctx context.Context) {
	defer close(s.follower.ended)
	for {
		select {
		case <-s.follower.noted:
		case <-ctx.Done():
			return
		}
		if left := s.alignAll(ctx); left > 0 {
			again := time.NewTimer(alignAgain)
			select {
			case <-again.C:
			case <-ctx.Done():
				again.Stop()
				return
			}
			s.follower.wake()
		}
	}
}

// alignAll aligns what waits and returns how much of it couldn't be.
func (s *Service) alignAll(ctx context.Context) (left int) {
	f := &s.follower
	f.mu.Lock()
	waiting := f.waiting
	f.waiting = map[string]*unaligned{}
	f.mu.Unlock()
	for id, u := range waiting {
		err := s.alignJob(ctx, id, u)
		if err == nil {
			continue
		}
		if u.attempts++; u.attempts >= alignAttempts || ctx.Err() != nil {
			s.logger.Warn("show a job's state on its transfer", "job", id, "error", err)
			continue
		}
		left++
		f.mu.Lock()
		if _, newer := f.waiting[id]; !newer {
			f.waiting[id] = u
		}
		f.mu.Unlock()
	}
	return left
}

func (s *Service) alignJob(ctx context.Context, id string, u *unaligned) error {
	job, err := s.queue.Find(id)
	if errors.Is(err, sql.ErrNoRows) && u.job != nil {
		return s.jobChanged(ctx, u.job)
	}
	if errors.Is(err, sql.ErrNoRows) || err == nil && impliedStatus(job) == "" {
		return nil // what made it so is noted, too
	}
	if err != nil {
		return err
	}
	return s.jobChanged(ctx, job)
}
