package loomupload

import "time"

// Postponed returns how many connections Atlassian has asked to wait, and for how long at most.
func (u *Uploads) Postponed() (connections int, longest time.Duration) {
	u.turns.mu.Lock()
	defer u.turns.mu.Unlock()
	now := u.turns.now()
	for _, turn := range u.turns.byName {
		if wait := turn.notBefore.Sub(now); wait > 0 {
			connections++
			longest = max(longest, wait)
		}
	}
	return connections, longest
}
