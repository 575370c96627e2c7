package gateway

import (
	"context"
	"sync"
)

// lasting is a request that may outlive the session it began with: a stream, a
// download.
type lasting struct {
	name    string // of the database
	visitor visitor
	end     context.CancelFunc
}

// lastings are those under way. Safe for concurrent use.
type lastings struct {
	mu        sync.Mutex
	byName    map[string]map[*lasting]bool
	byVisitor map[string]map[*lasting]bool
}

func newLastings() *lastings {
	return &lastings{byName: map[string]map[*lasting]bool{}, byVisitor: map[string]map[*lasting]bool{}}
}

// add has l end with its session. Whoever adds one looks at the session once more
// afterwards: it may have ended just before.
func (s *lastings) add(l *lasting) (remove func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	put(s.byName, l.name, l)
	put(s.byVisitor, l.visitor.id, l)
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		drop(s.byName, l.name, l)
		drop(s.byVisitor, l.visitor.id, l)
	})
}

// recheck ends those of a visitor, and those to a database, whose session no
// longer stands.
func (s *lastings) recheck(ctx context.Context, visitorID, name string) {
	s.mu.Lock()
	var affected []*lasting
	for l := range s.byVisitor[visitorID] {
		affected = append(affected, l)
	}
	for l := range s.byName[name] {
		if l.visitor.id != visitorID {
			affected = append(affected, l)
		}
	}
	s.mu.Unlock()
	for _, l := range affected {
		if l.visitor.recheck(ctx) != nil {
			l.end()
		}
	}
}

func put(index map[string]map[*lasting]bool, key string, l *lasting) {
	if index[key] == nil {
		index[key] = map[*lasting]bool{}
	}
	index[key][l] = true
}

func drop(index map[string]map[*lasting]bool, key string, l *lasting) {
	if delete(index[key], l); len(index[key]) == 0 {
		delete(index, key)
	}
}
