package gateway

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// sessionBoundRequest is a request that could outlive the session it started with: a stream or a
// download.
type sessionBoundRequest struct {
	database  string // name
	principal principal
	cancel    context.CancelFunc
}

// sessionBoundRequests cancels running requests whose session is revoked. It is safe for concurrent
// use.
type sessionBoundRequests struct {
	mu          sync.Mutex
	byDatabase  requestIndex
	byPrincipal requestIndex
}

func newSessionBoundRequests() *sessionBoundRequests {
	return &sessionBoundRequests{byDatabase: requestIndex{}, byPrincipal: requestIndex{}}
}

// add cancels a request when its session is revoked, until remove is called. The caller must
// revalidate the session after add, in case it was revoked just before.
func (s *sessionBoundRequests) add(request *sessionBoundRequest) (remove func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byDatabase.add(request.database, request)
	s.byPrincipal.add(request.principal.id, request)
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.byDatabase.remove(request.database, request)
		s.byPrincipal.remove(request.principal.id, request)
	})
}

// recheck checks the sessions of all requests by a principal or to a database, or of all requests if
// both are empty, and cancels the requests whose session is no longer valid.
func (s *sessionBoundRequests) recheck(ctx context.Context, principalID, database string) {
	s.mu.Lock()
	var affected []*sessionBoundRequest
	if principalID == "" && database == "" {
		for _, requests := range s.byPrincipal {
			affected = slices.AppendSeq(affected, maps.Keys(requests))
		}
	}
	affected = slices.AppendSeq(affected, maps.Keys(s.byPrincipal[principalID]))
	for request := range s.byDatabase[database] {
		if request.principal.id != principalID {
			affected = append(affected, request)
		}
	}
	s.mu.Unlock()
	for _, request := range affected {
		if request.principal.revalidate(ctx) != nil {
			request.cancel()
		}
	}
}

// requestIndex is a multimap of requests.
type requestIndex map[string]map[*sessionBoundRequest]bool

func (i requestIndex) add(key string, request *sessionBoundRequest) {
	if i[key] == nil {
		i[key] = map[*sessionBoundRequest]bool{}
	}
	i[key][request] = true
}

func (i requestIndex) remove(key string, request *sessionBoundRequest) {
	if delete(i[key], request); len(i[key]) == 0 {
		delete(i, key)
	}
}
