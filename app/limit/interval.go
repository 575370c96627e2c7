package limit

import (
	"sync"
	"time"
)

// Interval lets something happen once in a period for each key, and keeps a value for that time.
type Interval[V any] struct {
	period time.Duration
	now    func() time.Time

	mu     sync.Mutex
	events table[intervalEvent[V]]
}

type intervalEvent[V any] struct {
	at    time.Time
	value V
}

// NewInterval returns an Interval in which nothing has happened.
func NewInterval[V any](period time.Duration, now func() time.Time) *Interval[V] {
	return &Interval[V]{period: period, now: now, events: newTable(maxCallers, func(e intervalEvent[V]) float64 {
		return period.Seconds() - now().Sub(e.at).Seconds()
	})}
}

// Begin records that something happens for a key now, with a value. If it has happened within the period, Begin
// records nothing and returns the value that was recorded then, and false.
func (i *Interval[V]) Begin(key string, value V) (V, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if earlier, ok := i.recent(key); ok {
		return earlier, false
	}
	i.events.add(key, intervalEvent[V]{i.now(), value})
	return value, true
}

// Value returns the value that was recorded for a key within the period.
func (i *Interval[V]) Value(key string) (value V, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.recent(key)
}

// Forget lets something happen again for a key at once.
func (i *Interval[V]) Forget(key string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.events.entries, key)
}

// recent returns the value of an event within the period. The caller holds mu.
func (i *Interval[V]) recent(key string) (value V, ok bool) {
	now := i.now()
	i.events.sweep(now, i.period, func(e intervalEvent[V]) bool { return now.Sub(e.at) >= i.period })
	event, ok := i.events.entries[key]
	if !ok || now.Sub(event.at) >= i.period {
		delete(i.events.entries, key)
		return value, false
	}
	return event.value, true
}
