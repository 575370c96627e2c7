package gateway

import (
	"context"
	"errors"
	"sync"

	"github.com/pocketbase/pocketbase/apis"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/sse"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

var (
	errTooManyStreams = errors.New("user has too many streams")
	errNotAttachable  = errors.New("stream has ended or is already attached")
)

// stream is a realtime stream from the gateway to a client.
type stream struct {
	name             string // name of the requested database, which may not exist
	client           *sse.Client
	end              context.CancelFunc
	releaseAnonymous func()        // stops counting the stream as anonymous
	attached         chan struct{} // closed by streams.attach

	// Set once by streams.attach. Read them after attached is closed or under the lock of streams.
	principal principal
	detach    func() // nil until attached

	db *userdb.Database // nil while the database is closed; protected by the lock of streams
}

// streams registers all open streams. While a database is open, the streams attached to it are
// registered with its PocketBase. They don't keep it open: nothing happens in a closed database,
// and when it is opened again, its streams are registered before the first request.
type streams struct {
	anonymous *limit.Concurrency // streams that aren't attached yet, by network
	users     *limit.Concurrency // attached streams, by user or superuser
	topics    *limit.Budget      // subscriptions of attached streams, by user or superuser

	mu       sync.Mutex
	byClient map[string]*stream
	byName   map[string]map[*stream]bool // attached streams by database
}

func newStreams() *streams {
	return &streams{
		anonymous: limit.NewConcurrency(limit.MaxAnonymousStreams, limit.MaxAnonymousStreamsPerNetwork),
		users:     limit.NewConcurrency(limit.Unlimited, limit.MaxStreamsPerUser),
		topics:    sse.NewSubscriptionBudget(),
		byClient:  map[string]*stream{}, byName: map[string]map[*stream]bool{},
	}
}

// add adds an anonymous stream. It returns false if there are too many.
func (s *streams) add(st *stream, network limit.Caller) bool {
	release, ok := s.anonymous.Acquire(network)
	if !ok {
		return false
	}
	st.releaseAnonymous = release
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byClient[st.client.Id()] = st
	return true
}

// attach attaches a stream to a principal and to a database that the caller keeps open. Unless it
// returns an error, remove calls detach.
func (s *streams) attach(st *stream, db *userdb.Database, p principal, detach func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.byClient[st.client.Id()] != st || st.detach != nil:
		return errNotAttachable
	case !st.client.CountAgainst(s.users, p.id):
		return errTooManyStreams
	}
	if s.byName[st.name] == nil {
		s.byName[st.name] = map[*stream]bool{}
	}
	s.byName[st.name][st] = true
	st.principal, st.detach, st.db = p, detach, db
	db.App.SubscriptionsBroker().Register(st.client)
	st.releaseAnonymous()
	close(st.attached)
	return nil
}

// remove removes a stream that has ended.
func (s *streams) remove(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byClient, st.client.Id())
	st.releaseAnonymous()
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

// find returns the stream of a client, or nil.
func (s *streams) find(clientID string) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byClient[clientID]
}

// databaseOpened registers the streams of a database with its PocketBase.
func (s *streams) databaseOpened(db *userdb.Database) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.byName[db.Name] {
		st.db = db
		st.client.Set(apis.RealtimeClientAuthKey, st.principal.recordIn(db))
		db.App.SubscriptionsBroker().Register(st.client)
	}
}

// databaseClosing drops all references to a database, so that its streams keep none of it in
// memory.
func (s *streams) databaseClosing(db *userdb.Database) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.byName[db.Name] {
		if st.db == db {
			st.db = nil
			st.client.Unset(apis.RealtimeClientAuthKey)
		}
	}
}
