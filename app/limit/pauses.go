package limit

import (
	"context"
	"math"
	"sync"
	"time"
)

const (
	firstPause   = time.Second
	longestPause = 5 * time.Minute
	// pauseMemory is how long failures are remembered after the pause has ended. It is long enough that waiting
	// for it allows fewer attempts than the longest pause does.
	pauseMemory = time.Hour
)

// Pauses makes guessing slow: after a failed attempt at an account, its network has to pause before the next one.
// Pauses double from 1 s to 5 min with every failure and end with a success. Attempts of one network at one account
// run one after the other, so that no two of them use the same pause.
type Pauses struct {
	now func() time.Time

	mu     sync.Mutex
	states table[*pauseState]
}

// pauseState belongs to an account and a network.
type pauseState struct {
	failures int
	until    time.Time     // end of the pause
	running  chan struct{} // contains a value during an attempt
	attempts int           // running and waiting ones
}

// NewPauses returns Pauses without any failures.
func NewPauses(now func() time.Time) *Pauses {
	return &Pauses{now: now, states: newTable(maxCallers, func(s *pauseState) float64 {
		if s.attempts > 0 {
			return math.Inf(1)
		}
		return float64(s.failures)
	})}
}

// Attempt is an attempt to sign in that runs. Exactly one of its methods should be called when its outcome is
// known; further calls have no effect.
type Attempt struct {
	pauses *Pauses
	key    string
	state  *pauseState
	once   sync.Once
}

// Begin begins an attempt at an account after the attempts that the same network has already begun. During a
// pause, it returns no Attempt but the time until its end. It returns the error of ctx when that ends first.
func (p *Pauses) Begin(ctx context.Context, account string, network Caller) (*Attempt, time.Duration, error) {
	a := &Attempt{pauses: p, key: account + "\x00" + network.key}
	wait := p.join(a)
	if wait > 0 {
		return nil, wait, nil
	}
	select {
	case a.state.running <- struct{}{}:
	case <-ctx.Done():
		p.leave(a, false, func(*pauseState) {})
		return nil, 0, ctx.Err()
	}
	p.mu.Lock()
	wait = a.state.until.Sub(p.now())
	p.mu.Unlock()
	if wait > 0 { // the attempt before this one failed
		a.End()
		return nil, wait, nil
	}
	return a, 0, nil
}

// join adds an attempt to the state of its account and network, or returns the time until a pause ends.
func (p *Pauses) join(a *Attempt) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	p.states.sweep(now, minSweepInterval, func(s *pauseState) bool { return s.attempts == 0 && now.Sub(s.until) > pauseMemory })
	state, ok := p.states.entries[a.key]
	if !ok {
		state = &pauseState{running: make(chan struct{}, 1)}
		p.states.add(a.key, state)
	}
	if wait := state.until.Sub(now); wait > 0 {
		return wait
	}
	if now.Sub(state.until) > pauseMemory {
		state.failures = 0
	}
	state.attempts++
	a.state = state
	return 0
}

// leave removes an attempt from its state after an update.
func (p *Pauses) leave(a *Attempt, hasRun bool, update func(*pauseState)) {
	a.once.Do(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		update(a.state)
		if a.state.attempts--; a.state.attempts == 0 && a.state.failures == 0 {
			delete(p.states.entries, a.key)
		}
		if hasRun {
			<-a.state.running
		}
	})
}

// Failed records that the attempt failed, which begins the next, longer pause.
func (a *Attempt) Failed() {
	a.pauses.leave(a, true, func(s *pauseState) {
		pause := longestPause
		if shift := s.failures; shift < 16 {
			pause = min(longestPause, firstPause<<shift)
		}
		s.failures++
		s.until = a.pauses.now().Add(pause)
	})
}

// Succeeded records that the attempt succeeded, which forgets the failures before it.
func (a *Attempt) Succeeded() {
	a.pauses.leave(a, true, func(s *pauseState) { s.failures, s.until = 0, time.Time{} })
}

// End ends an attempt that neither failed nor succeeded, such as one that the server couldn't check.
func (a *Attempt) End() { a.pauses.leave(a, true, func(*pauseState) {}) }
