package tokens

import (
	"sync"
	"time"
)

const (
	// validFor is how long a lookup is reused. A change in this process is noticed at once, because it calls Forget.
	validFor = 3 * time.Second
	// missingFor is how long a token that doesn't exist isn't looked up again.
	missingFor = 30 * time.Second
	// maxKnown bounds the memory for tokens, and again for those that don't exist. Each takes some 300 bytes.
	maxKnown = 10_000
)

// known are the latest lookups. Tokens that existed are remembered even when they must be looked up again, so that a
// neighbour who guesses tokens doesn't lock out those who have one.
type known struct {
	mu         sync.Mutex
	generation uint64 // incremented by forget, so that lookups running at that moment are not kept
	found      map[hash]lookup
	missing    map[hash]time.Time // when the lookup expires
}

type lookup struct {
	token *Token
	until time.Time // when the token must be looked up again
}

func newKnown() *known { return &known{found: map[hash]lookup{}, missing: map[hash]time.Time{}} }

// state is what is known of a token.
type state struct {
	token      *Token // not nil if the token exists
	isMissing  bool   // the token doesn't exist
	existed    bool   // the token did exist at an earlier lookup
	generation uint64 // for keep
}

func (k *known) get(h hash, now time.Time) state {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := state{generation: k.generation}
	if until, ok := k.missing[h]; ok {
		s.isMissing = now.Before(until)
	}
	if last, ok := k.found[h]; ok {
		s.existed = true
		if now.Before(last.until) {
			s.token = last.token
		}
	}
	return s
}

// keep keeps the result of a lookup that began in a generation. token is nil if it doesn't exist.
func (k *known) keep(h hash, token *Token, generation uint64, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case token == nil:
		delete(k.found, h)
		makeRoom(k.missing)
		k.missing[h] = now.Add(missingFor)
	case generation == k.generation:
		makeRoom(k.found)
		k.found[h] = lookup{token, now.Add(validFor)}
	}
}

func (k *known) forget(userID string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.generation++
	for h, last := range k.found {
		if userID == "" || last.token.UserID == userID {
			k.found[h] = lookup{token: last.token} // the next use looks it up
		}
	}
}

// makeRoom removes any entry of a full map.
func makeRoom[V any](entries map[hash]V) {
	if len(entries) < maxKnown {
		return
	}
	for h := range entries {
		delete(entries, h)
		return
	}
}
