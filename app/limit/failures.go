package limit

import (
	"sync"
	"time"
)

const failuresWindow = time.Hour

// Failures counts the failed attempts at each account in the last hour, whatever network they came from.
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
}

// maxFailureAccounts limits the memory for accounts with failures to some 50 MB, if all of them are at a limit of
// 100.
const maxFailureAccounts = 20_000

// NewFailures returns Failures that tolerate fewer than limit failed attempts at an account in an hour. limit must
// be positive.
func NewFailures(limit int, now func() time.Time) *Failures {
	return &Failures{limit: limit, now: now, accounts: newTable(maxFailureAccounts, func(f *failureTimes) float64 {
		if now().Sub(f.last) >= failuresWindow {
			return 0
		}
		return float64(len(f.times))
	})}
}

// Add counts a failed attempt at an account.
func (f *Failures) Add(account string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	failed, ok := f.accounts.entries[account]
	if ok && now.Sub(failed.last) >= failuresWindow {
		failed.times, failed.oldest = failed.times[:0], 0
	}
	if !ok {
		failed = &failureTimes{}
		f.accounts.add(account, failed)
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
