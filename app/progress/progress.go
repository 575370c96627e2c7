// Package progress lets a long operation report how far it is to whoever waits for it. As with net/http/httptrace, the
// listener is part of the context: a command adds it, package control carries the reports from the process that does
// the work, and the operation doesn't need to know whether anybody listens. Everything is safe for concurrent use.
package progress

import (
	"context"
	"sync"
	"time"
)

// Unit is what Done and Total count.
type Unit string

// Bytes are shown as sizes. Other units are nouns in the plural, which are shown as they are.
const (
	Bytes      Unit = "bytes"
	Databases  Unit = "databases"
	Recordings Unit = "recordings"
	Meetings   Unit = "meetings"
	Keys       Unit = "keys"
)

// Progress is how far an operation is.
type Progress struct {
	// Stage is what is being done, such as "copy recordings". It is blank if the operation has one stage only. Done and
	// Total start again with every stage.
	Stage string `json:"stage,omitempty"`
	Done  int64  `json:"done"`
	Total int64  `json:"total,omitempty"` // 0 if unknown
	Unit  Unit   `json:"unit"`
}

// Complete reports whether the stage is done.
func (p Progress) Complete() bool { return p.Total > 0 && p.Done >= p.Total }

// interval is the minimum time between two reports of a stage that a listener receives.
const interval = 100 * time.Millisecond

// With returns a context in which operations report to listen. Calls of listen don't overlap, and there are at most ten
// a second, apart from the first and the last report of each stage. They delay the operation, so listen must be quick.
func With(ctx context.Context, listen func(Progress)) context.Context {
	return context.WithValue(ctx, key{}, &listener{listen: listen})
}

// Wanted reports whether anybody listens.
func Wanted(ctx context.Context) bool { return from(ctx) != nil }

// Report reports progress to the listener of ctx, if there is one. Use a Meter to count.
func Report(ctx context.Context, p Progress) {
	if l := from(ctx); l != nil {
		l.report(p)
	}
}

type key struct{}

func from(ctx context.Context) *listener {
	l, _ := ctx.Value(key{}).(*listener)
	return l
}

// listener passes on reports that are due.
type listener struct {
	mu     sync.Mutex
	listen func(Progress)
	last   Progress
	passed time.Time // zero before the first report
}

func (l *listener) report(p Progress) {
	l.mu.Lock()
	defer l.mu.Unlock()
	sameStage := !l.passed.IsZero() && p.Stage == l.last.Stage && p.Unit == l.last.Unit
	completed := p.Complete() && p != l.last
	if sameStage && !completed && time.Since(l.passed) < interval {
		return
	}
	l.last, l.passed = p, time.Now()
	l.listen(p)
}
