package gateway

import (
	"context"
	"errors"
	"math"
	"sync"

	"github.com/pocketbase/pocketbase/apis"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/sse"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const (
	// Room for what nobody has signed in for is scarce on purpose; a client that
	// means well needs it for a fraction of a second.
	maxAnonymousStreams           = 2000
	maxAnonymousStreamsPerAddress = 50

	// MaxStreamsPerUser is how many streams to one kind of PocketBase, theirs or the
	// global one, a user may have subscribed with.
	MaxStreamsPerUser = 20
)

var (
	errTooManyStreams = errors.New("the user has too many streams")
	errNotWaiting     = errors.New("the stream has ended or is attached")
)

// stream is one realtime connection of a client to the gateway.
type stream struct {
	name     string // the database asked for; may not exist
	client   *sse.Client
	end      context.CancelFunc
	leave    func()        // its place among the anonymous
	attached chan struct{} // closed when a session has subscribed

	// Set once, by streams.attach; read after attached or under the lock of streams.
	visitor visitor
	detach  func() // nil until attached

	db *userdb.Database // open at this moment, else nil; under the lock of streams
}

// streams are all open streams. One that is attached is registered with the
// PocketBase of its database while that is open. It doesn't keep it open: nothing
// happens in a closed database, and when it opens again the stream is registered
// anew, before the first request.
type streams struct {
	anonymous *limit.Concurrency // of those not yet attached, by address
	users     *limit.Concurrency // of attached ones, by user or superuser

	mu       sync.Mutex
	byClient map[string]*stream
	byName   map[string]map[*stream]bool // attached ones
}

func newStreams() *streams {
	return &streams{
		anonymous: limit.NewConcurrency(maxAnonymousStreams, maxAnonymousStreamsPerAddress),
		users:     limit.NewConcurrency(math.MaxInt, MaxStreamsPerUser),
		byClient:  map[string]*stream{}, byName: map[string]map[*stream]bool{},
	}
}

// add takes a new stream in from an address, anonymous so far, unless there are
// too many.
func (s *streams) add(st *stream, address string) bool {
	leave, ok := s.anonymous.Acquire(address)
	if !ok {
		return false
	}
	st.leave = leave
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byClient[st.client.Id()] = st
	return true
}

// attach binds a stream to a visitor and to a database the caller holds open,
// until detach is called.
func (s *streams) attach(st *stream, db *userdb.Database, visitor visitor, detach func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.byClient[st.client.Id()] != st || st.detach != nil:
		return errNotWaiting
	case !st.client.Hold(s.users, visitor.id):
		return errTooManyStreams
	}
	if s.byName[st.name] == nil {
		s.byName[st.name] = map[*stream]bool{}
	}
	s.byName[st.name][st] = true
	st.visitor, st.detach, st.db = visitor, detach, db
	db.App.SubscriptionsBroker().Register(st.client)
	st.leave()
	close(st.attached)
	return nil
}

// remove ends a stream's part in its database.
func (s *streams) remove(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byClient, st.client.Id())
	st.leave()
	st.client.Discard()
	if st.detach == nil {
		return
	}
	if delete(s.byName[st.name], st); len(s.byName[st.name]) == 0 {
		delete(s.byName, st.name)
	}
	if st.db != nil {
		st.db.App.SubscriptionsBroker().Unregister(st.client.Id())
	}
	st.detach()
}

// opened registers the streams to a database that has been opened.
func (s *streams) opened(db *userdb.Database) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.byName[db.Name] {
		st.db = db
		st.client.Set(apis.RealtimeClientAuthKey, st.visitor.record(db))
		db.App.SubscriptionsBroker().Register(st.client)
	}
}

// closing lets go of a database, so that a stream to a closed one holds nothing
// of it in memory.
func (s *streams) closing(db *userdb.Database) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.byName[db.Name] {
		if st.db == db {
			st.db = nil
			st.client.Unset(apis.RealtimeClientAuthKey)
		}
	}
}

func (s *streams) find(clientID string) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byClient[clientID]
}
