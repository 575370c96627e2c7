package logging

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
)

// The attributes that connect lines. A line has those that apply to it.
const (
	RequestKey   = "request"   // id of a request, which is also in the response header X-Request-Id
	UserKey      = "user"      // id of the account
	DatabaseKey  = "database"  // name of the user database
	JobKey       = "job"       // id of the job
	KindKey      = "kind"      // of the job
	RecordingKey = "recording" // number of the recording at Fathom, which identifies its transfer in a user database
)

// maxAttrs is how many attributes of a context a line can have.
const maxAttrs = 16

type scopeKey struct{}

// scope holds attributes of a context. Its lines also have those of its parent.
type scope struct {
	parent *scope
	attrs  []slog.Attr
	added  atomic.Pointer[added] // newest first
}

// added is an attribute that became known after the scope was created.
type added struct {
	attr   slog.Attr
	before *added
}

// With returns a context whose lines have the attributes, in addition to those of ctx.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	parent, _ := ctx.Value(scopeKey{}).(*scope)
	return context.WithValue(ctx, scopeKey{}, &scope{parent: parent, attrs: attrs})
}

// Add adds an attribute that was unknown when the request began, such as its user. The lines of all contexts of the
// request then have it, including those that were created before. Without attributes in ctx, Add does nothing.
func Add(ctx context.Context, attr slog.Attr) {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	if s == nil {
		return
	}
	for s.parent != nil {
		s = s.parent
	}
	next := &added{attr: attr}
	for {
		next.before = s.added.Load()
		if s.added.CompareAndSwap(next.before, next) {
			return
		}
	}
}

// attributes appends the attributes of a context to found, the innermost first. Of several with the same key, it
// appends the innermost and newest.
func attributes(ctx context.Context, found []slog.Attr) []slog.Attr {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	add := func(attr slog.Attr) {
		if len(found) < maxAttrs && !slices.ContainsFunc(found, func(a slog.Attr) bool { return a.Key == attr.Key }) {
			found = append(found, attr)
		}
	}
	for ; s != nil; s = s.parent {
		for a := s.added.Load(); a != nil; a = a.before {
			add(a.attr)
		}
		for _, attr := range slices.Backward(s.attrs) {
			add(attr)
		}
	}
	return found
}
