package s3test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Object describes a stored object.
type Object struct {
	Size     int64
	SHA256   string // in hex; blank if its parts were not sent in order
	Parts    int
	Modified time.Time
}

// Object returns an object by its name in the bucket.
func (s *Server) Object(key string) (found Object, ok bool) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	o := s.store.objects[key]
	if o == nil {
		return Object{}, false
	}
	return Object{Size: o.size, SHA256: o.sha256, Parts: len(o.parts), Modified: o.modified}, true
}

// Keys returns the names of all objects in the bucket, sorted.
func (s *Server) Keys() []string {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return s.store.keys()
}

// Uploads returns the number of stored parts of each unfinished upload, by the name of the future object.
func (s *Server) Uploads() map[string]int {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	found := map[string]int{}
	for _, u := range s.store.uploads {
		found[u.key] += len(u.parts)
	}
	return found
}

// Content returns the content of an object.
func (s *Server) Content(t testing.TB, key string) []byte {
	t.Helper()
	object, err := s.store.GetObject(s.Bucket, key, nil)
	require.NoError(t, err)
	content, err := io.ReadAll(object.Contents)
	require.NoError(t, err)
	require.NoError(t, object.Contents.Close())
	return content
}

// Put stores an object without a request.
func (s *Server) Put(t testing.TB, key string, content []byte) {
	t.Helper()
	_, err := s.store.PutObject(s.Bucket, key, nil, bytes.NewReader(content), int64(len(content)), nil)
	require.NoError(t, err)
}

// Remove removes an object without a request.
func (s *Server) Remove(key string) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.remove(key)
}

// RemoveUploads removes all unfinished uploads, as a rule of the bucket would.
func (s *Server) RemoveUploads() {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	clear(s.store.uploads)
}

// RemovePart removes one part from all unfinished uploads.
func (s *Server) RemovePart(number int) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	for _, u := range s.store.uploads {
		delete(u.parts, number)
	}
}

// Backdate makes all objects and unfinished uploads older.
func (s *Server) Backdate(d time.Duration) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	for _, o := range s.store.objects {
		o.modified = o.modified.Add(-d)
	}
	for _, u := range s.store.uploads {
		u.initiated = u.initiated.Add(-d)
	}
}
