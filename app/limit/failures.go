package limit

import (
	"math"
	"sync"
	"time"
)

const failuresWindow = time.Hour

// Failures counts the failed attempts at each account in the last hour, whatever network they came from. Attempts
// that run count as failed until their outcome is known, so that sending many at once gains nothing.
type Failures struct {
	limit int
	now   func() time.Time

	mu       sync.Mutex
	accounts table[*failureTimes]
}

// failureTimes are the times of the latest failures: a ring that grows up to the limit.
type failureTimes struct {
	times  []time.Time
	oldest int
	last   time.Time

	running int
}

// maxFailureAccounts limits the memory for accounts with failures to some 50 MB, if all of them are at a limit of
// 100.
const maxFailureAccounts = 20_000

// NewFailures returns Failures that tolerate fewer than limit failed attempts at an account in an hour. limit must
// be positive.
func NewFailures(limit int, now func() time.Time) *Failures {
	return &Failures{limit: limit, now: now, accounts: newTable(maxFailureAccounts, func(f *failureTimes) float64 {
		if f.running > 0 {
			return math.Inf(1)
		}
		if now().Sub(f.last) >= failuresWindow {
			return 0
		}
		return float64(len(f.times))
	})}
}

// Begin begins an attempt at an account, which must be ended by a call of end; further calls have no effect. ok is
// false, and end nil, if the failures of the last hour and the attempts that run reach the limit.
func (f *Failures) Begin(account string) (end func(failed bool), ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	state := f.state(account)
	if state.recent(f.now())+state.running >= f.limit {
		return nil, false
	}
	state.running++
	var once sync.Once
	return func(failed bool) { once.Do(func() { f.end(account, state, failed) }) }, true
}

func (f *Failures) end(account string, state *failureTimes, failed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	state.running--
	if failed {
		f.addFailure(state)
	}
	if state.running == 0 && len(state.times) == 0 {
		delete(f.accounts.entries, account)
	}
}

// Add counts a failed attempt at an account that Begin hasn't begun.
func (f *Failures) Add(account string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.addFailure(f.state(account))
}

// state returns the state of an account, which it adds if there is none. The caller holds mu.
func (f *Failures) state(account string) *failureTimes {
	state, ok := f.accounts.entries[account]
	if !ok {
		state = &failureTimes{}
		f.accounts.add(account, state)
	}
	return state
}

// recent returns how many failures are less than an hour old.
func (s *failureTimes) recent(now time.Time) int {
	count := 0
	for _, at := range s.times {
		if now.Sub(at) < failuresWindow {
			count++
		}
	}
	return count
}

// addFailure counts a failure now. The caller holds mu.
func (f *Failures) addFailure(failed *failureTimes) {
	now := f.now()
	if now.Sub(failed.last) >= failuresWindow {
		failed.times, failed.oldest = failed.times[:0], 0
	}
	failed.last = now
	if len(failed.times) < f.limit {
		failed.times = append(failed.times, now)
		return
	}
	failed.times[failed.oldest] = now
	failed.oldest = (failed.oldest + 1) % f.limit
}

// Wait returns the time until the account has fewer failures in an hour than the limit; 0 if it does.
func (f *Failures) Wait(account string) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	failed, ok := f.accounts.entries[account]
	if !ok || len(failed.times) < f.limit {
		return 0
	}
	return max(0, failuresWindow-f.now().Sub(failed.times[failed.oldest]))
}
