// Package simulator is a local substitute for the services that Fathom-to-Loom uses. It implements all
// eleven operations of the Fathom External API, the public side of Loom (the upload page, the share page
// and oEmbed) and, if configured, Atlassian's MCP server, through which Loom can be used. It is a real HTTP server on a loopback address. The simulator and demo
// commands run it, and tests use it to inject faults and to compare results with the ground truth
// (sizes, checksums, the requests that arrived).
//
// Every method may be called from any goroutine. All state is kept in memory and lost on Stop.
// Recordings of any size are generated while they are served. The package must not import any other
// package of this repository, must not be part of a request path of the product, and must not
// connect to anything but loopback addresses.
//
// The sources are https://developers.fathom.ai (External API) and https://www.loom.com/v1/oembed.
// Where those pages leave a question open, a comment describes the behaviour chosen here.
package simulator

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
)

// Server is one simulator. Create it with New.
type Server struct {
	cfg     Config
	handler http.Handler
	life    *lifecycle

	credentials *credentialStore
	limiter     *rateLimiter
	meetings    *meetingStore
	downloads   *downloadStore
	webhooks    *webhookStore
	videos      *videoStore
	faults      *faultQueue
	log         *requestLog
	atlassian   *atlassian // nil unless Config.Atlassian is set
}

// New creates a simulator and generates its meetings. The simulator listens once Start is called.
// New returns an error when Config.Addr is not a loopback address, or when Config.RecordingSize is
// smaller than the embedded clips.
func New(cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg:         cfg,
		life:        newLifecycle(),
		credentials: newCredentialStore(cfg),
		limiter:     newRateLimiter(cfg),
		downloads:   newDownloadStore(cfg),
		webhooks:    &webhookStore{},
		videos:      &videoStore{now: cfg.Now},
		faults:      newFaultQueue(),
		log:         newRequestLog(),
	}
	if s.meetings, err = newMeetingStore(cfg); err != nil {
		return nil, err
	}
	if cfg.Atlassian != nil {
		s.atlassian = newAtlassian(*cfg.Atlassian, cfg.Now, s.videos)
	}
	s.handler = s.routes()
	return s, nil
}

// Reset restores the state that New created: the generated meetings and all keys, without any faults,
// logged requests, downloads, webhooks or Loom videos.
func (s *Server) Reset() {
	s.faults.reset()
	s.credentials.reset()
	s.limiter.reset()
	s.meetings.reset()
	s.downloads.reset()
	s.webhooks.reset()
	s.videos.reset()
	s.log.reset()
	if s.atlassian != nil {
		s.atlassian.reset()
	}
}

// Handler returns the simulator's HTTP handler for use without a listener, for example with httptest.
func (s *Server) Handler() http.Handler { return s.handler }

// URL returns http://127.0.0.1:PORT once Start has returned, and "" before that.
func (s *Server) URL() string {
	s.life.mu.Lock()
	defer s.life.mu.Unlock()
	return s.life.url
}

// FathomURL returns the base URL of the Fathom External API.
func (s *Server) FathomURL() string { return s.URL() + apiPrefix }

// LoomURL returns the base URL of the Loom side.
func (s *Server) LoomURL() string { return s.URL() }

// baseURL returns the scheme and host for links in the response to r.
func (s *Server) baseURL(r *http.Request) string {
	if u := s.URL(); u != "" {
		return u
	}
	return "http://" + r.Host
}

// newID returns n random bytes in hex for an object that a client may remember: a download, a webhook
// or a video. IDs do not depend on Config.Seed, so an ID from an earlier run is unknown in this one.
func newID(n int) string {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails, see crypto/rand
	return hex.EncodeToString(raw)
}
