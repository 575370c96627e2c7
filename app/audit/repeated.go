package audit

import (
	"context"
	"sync"
	"time"
)

const (
	// flushInterval is how soon the counts of events are written that happen often.
	flushInterval = time.Minute
	// maxRepeated bounds the memory for events that happen often. Each takes about half a kilobyte.
	maxRepeated = 10_000
)

// repeated counts events that happen often, by bucket, so that most of them cost no query.
type repeated struct {
	mu      sync.Mutex
	written map[string]time.Time // buckets with a row, and when they began
	pending map[string]entry     // not written yet
	dropped int                  // since the last flush
}

// Count is Record for events that may happen with every request. It returns at once: the first of a kind is written
// soon, and the others are counted and written every minute. A crash loses what isn't written.
func (r *Recorder) Count(ctx context.Context, event Event) {
	if r != nil && r.repeated.add(r.newEntry(ctx, event)) {
		r.wake.Signal()
	}
}

// add counts an entry. It returns true if it is the first one of its bucket.
func (p *repeated) add(e entry) (first bool) {
	bucket := e.bucket(e.last)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pending == nil {
		p.pending, p.written = map[string]entry{}, map[string]time.Time{}
	}
	counted, waits := p.pending[bucket]
	if !waits && len(p.pending) >= maxRepeated {
		p.dropped++
		return false
	}
	_, exists := p.written[bucket]
	e.count += counted.count
	p.pending[bucket] = e
	return !waits && !exists
}

// take returns what isn't written, and forgets the buckets of earlier periods.
func (p *repeated) take(now time.Time) (entries []entry, dropped int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for bucket, begun := range p.written {
		if now.Sub(begun) > period || len(p.written) > maxRepeated {
			delete(p.written, bucket)
		}
	}
	for bucket, e := range p.pending {
		entries = append(entries, e)
		p.written[bucket] = now
	}
	clear(p.pending)
	dropped, p.dropped = p.dropped, 0
	return entries, dropped
}

// restore keeps an entry that couldn't be written for the next flush.
func (p *repeated) restore(e entry) {
	bucket := e.bucket(e.last)
	p.mu.Lock()
	defer p.mu.Unlock()
	if later, ok := p.pending[bucket]; ok {
		later.count += e.count
		e = later
	} else if len(p.pending) >= maxRepeated {
		p.dropped++
		return
	}
	p.pending[bucket] = e
}

// Start begins to write what Count counts. The global database must be migrated.
func (r *Recorder) Start(ctx context.Context) error {
	r.background.Start(ctx)
	return r.background.Go(r.run)
}

// Stop writes what Count has counted, or returns ctx.Err if ctx ends first. It may be called more than once and without
// Start.
func (r *Recorder) Stop(ctx context.Context) error { return r.background.Stop(ctx) }

func (r *Recorder) run(ctx context.Context) {
	ticker := time.NewTicker(flushInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			r.flush(ctx)
			return
		case <-ticker.C:
		case <-r.wake.C():
		}
		r.flush(ctx)
	}
}

// flush writes what is counted. After a failure it stops, because the next ones would fail, too.
func (r *Recorder) flush(ctx context.Context) {
	entries, dropped := r.repeated.take(r.now())
	if dropped > 0 {
		r.logger.WarnContext(ctx, "too many events for the audit trail at once; some are missing in it", "missing", dropped)
	}
	for i, e := range entries {
		if r.write(ctx, r.app, e) {
			continue
		}
		for _, e := range entries[i:] {
			r.repeated.restore(e)
		}
		return
	}
}
