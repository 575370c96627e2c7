package limit

import (
	"math"
	"time"
)

const (
	// maxCallers is how many callers one limit remembers. An entry takes some 200 bytes.
	maxCallers = 50_000
	// evictionSample is how many entries of a full table are compared to find the one that matters least.
	evictionSample = 16
)

// table holds a value for each key and never more than size values, apart from those of an infinite weight, which
// are never dropped. When it is full, it drops a value with a low weight, so that an attacker who fills it with the
// values of other keys can't erase one that has gained weight: that would take as much effort for each of size keys.
// It isn't safe for concurrent use.
type table[V any] struct {
	size    int
	weight  func(V) float64 // how much is lost when the value is dropped
	entries map[string]V
	swept   time.Time // when sweep last removed values
}

func newTable[V any](size int, weight func(V) float64) table[V] {
	return table[V]{size: size, weight: weight, entries: map[string]V{}}
}

// add adds a value for a key that has none.
func (t *table[V]) add(key string, value V) {
	for len(t.entries) >= t.size && t.evict() {
	}
	t.entries[key] = value
}

// evict drops the lightest of some random values. It returns false if all of them have an infinite weight.
func (t *table[V]) evict() bool {
	var lightest string
	var least float64
	sampled := 0
	for key, value := range t.entries {
		weight := t.weight(value)
		if math.IsInf(weight, 1) {
			continue
		}
		if sampled == 0 || weight < least {
			lightest, least = key, weight
		}
		if sampled++; sampled == evictionSample {
			break
		}
	}
	if sampled > 0 {
		delete(t.entries, lightest)
	}
	return sampled > 0
}

// sweep drops the values for which idle returns true, unless it did so within the interval.
func (t *table[V]) sweep(now time.Time, interval time.Duration, idle func(V) bool) {
	if now.Sub(t.swept) <= interval {
		return
	}
	t.swept = now
	for key, value := range t.entries {
		if idle(value) {
			delete(t.entries, key)
		}
	}
}
