// Package s3test provides an S3 service for tests. It is stricter than most real ones, so that code which works with
// it works with them: it verifies signatures, dates and checksums, refuses two ways of authentication in one request,
// small or unequal parts, and a signature for GET in a HEAD request. It can also lose responses, stall and fail.
//
// All functions and methods are safe for concurrent use.
package s3test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
)

// The settings of a server that Options leaves blank.
const (
	DefaultBucket    = "recordings"
	DefaultRegion    = "eu-test-1"
	DefaultAccessKey = "TESTACCESSKEY"
	DefaultSecretKey = "test-secret-key/with+signs"
)

// Options configures a Server. The zero value is useful.
type Options struct {
	Bucket, Region, AccessKey, SecretKey string

	// Discard makes the server forget the content of all but tiny objects, but not their sizes and hashes. It receives any
	// amount of data, and GET returns zeros.
	Discard bool

	MinPart int64 // bytes that all parts but the last must have; 0 means 5 MiB, as on real services
}

// Server is an S3 service with one bucket, in which URLs contain the bucket in their path.
type Server struct {
	URL, Bucket, Region, AccessKey, SecretKey string // what a client needs

	http    *httptest.Server
	handler http.Handler
	store   *store
	done    chan struct{}

	mu     sync.Mutex
	skew   time.Duration
	origin string
	counts map[Kind]int
	faults []*fault
}

// Start starts a server, which stops at the end of the test.
func Start(t testing.TB, opts Options) *Server {
	t.Helper()
	s := New(opts, t.TempDir())
	t.Cleanup(s.Close)
	return s
}

// New starts a server that keeps objects in a folder, until Close is called.
func New(opts Options, dir string) *Server {
	s := &Server{
		Bucket: or(opts.Bucket, DefaultBucket), Region: or(opts.Region, DefaultRegion),
		AccessKey: or(opts.AccessKey, DefaultAccessKey), SecretKey: or(opts.SecretKey, DefaultSecretKey),
		counts: map[Kind]int{}, done: make(chan struct{}),
	}
	s.store = &store{
		dir: dir, discard: opts.Discard, minPart: opts.MinPart, bucket: s.Bucket, now: s.Now,
		objects: map[string]*object{}, uploads: map[gofakes3.UploadID]*upload{},
	}
	if s.store.minPart == 0 {
		s.store.minPart = 5 << 20
	}
	s.handler = gofakes3.New(s.store, gofakes3.WithTimeSkewLimit(0)).Server()
	s.http = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.http.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.http.Start()
	s.URL = s.http.URL
	return s
}

// Close ends all requests and stops the server.
func (s *Server) Close() {
	close(s.done)
	s.http.CloseClientConnections()
	s.http.Close()
}

// Settings returns the environment variables that make the product use this server.
func (s *Server) Settings() []string {
	return []string{
		"S3_ENDPOINT=" + s.URL, "S3_BUCKET=" + s.Bucket, "S3_REGION=" + s.Region,
		"S3_ACCESS_KEY=" + s.AccessKey, "S3_SECRET_KEY=" + s.SecretKey, "S3_PATH_STYLE=true",
	}
}

// Now returns the time of the server's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.skew)
}

// SetSkew sets how much the server's clock is ahead of the real time.
func (s *Server) SetSkew(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew = d
}

// AllowOrigin sets the origin whose pages may read responses, like a CORS rule of the bucket that allows GET and HEAD.
// At first there is none.
func (s *Server) AllowOrigin(origin string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.origin = origin
}

// Count returns how many requests of a kind have arrived, including those that were refused.
func (s *Server) Count(kind Kind) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[kind]
}

// serve authenticates a request, applies the faults and passes it to the S3 implementation.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	kind := kindOf(r)
	s.mu.Lock()
	s.counts[kind]++
	origin := s.origin
	s.mu.Unlock()

	w = &responseWriter{ResponseWriter: w, request: r, origin: origin}
	if r.Method == http.MethodOptions {
		if origin == "" || r.Header.Get("Origin") != origin || r.Header.Get("Access-Control-Request-Method") != http.MethodGet {
			refuse(w, r, &refusal{status: http.StatusForbidden, code: "AccessForbidden", message: "CORSResponse: This CORS request is not allowed."})
			return
		}
		w.WriteHeader(http.StatusOK)
		return
	}
	if err := s.authenticate(r); err != nil {
		refuse(w, r, err)
		return
	}
	if fault := s.takeFault(kind); fault != nil {
		fault.serve(s, w, r)
		return
	}
	s.handler.ServeHTTP(w, r)
}

// responseWriter replaces the CORS headers of gofakes3, which allow everything.
type responseWriter struct {
	http.ResponseWriter
	request *http.Request
	origin  string
	wrote   bool
}

func (w *responseWriter) WriteHeader(status int) {
	if w.wrote {
		return
	}
	w.wrote = true
	h := w.Header()
	for name := range h {
		if len(name) > 15 && name[:15] == "Access-Control-" {
			h.Del(name)
		}
	}
	if w.origin != "" && w.request.Header.Get("Origin") == w.origin {
		h.Set("Access-Control-Allow-Origin", w.origin)
		h.Set("Access-Control-Allow-Methods", "GET, HEAD")
		h.Set("Access-Control-Expose-Headers", "Content-Length, Content-Range, Content-Disposition, ETag")
		h.Add("Vary", "Origin")
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *responseWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.ResponseWriter.Write(p)
}

func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func or(value, fallback string) string {
	if value != "" {
		return value
	}
	return fallback
}
