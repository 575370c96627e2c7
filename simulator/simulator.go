// Package simulator is a local stand-in for the two services Fathom-to-Loom talks to: all eleven operations of the
// Fathom External API, and the side of Loom that exists (upload page, share page, oEmbed). It is a real HTTP server on
// a loopback address, used by the simulator and demo commands and by tests, with faults on request and with the ground
// truth (sizes, checksums, what arrived) a test wants to compare against.
//
// Every method may be called from any goroutine. All state is in memory and gone after Stop; recordings are generated
// while they are served, however large. The package imports nothing else of this repository, is no part of any request
// path of the product, and connects to nothing but loopback addresses.
//
// Sources: https://developers.fathom.ai (External API) and https://www.loom.com/v1/oembed. What those pages leave open
// is decided here and said in a comment.
package simulator

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// DemoAPIKey is the Fathom key that is accepted when Config names none. It opens nothing but a simulator.
const DemoAPIKey = "simulator-demo-api-key.it-opens-nothing-but-a-simulator-on-this-host"

// Defaults of Config.
const (
	DefaultAddr            = "127.0.0.1:0"
	DefaultMeetings        = 24
	DefaultProcessingPolls = 2
	DefaultExpiry          = 24 * time.Hour // https://developers.fathom.ai: a signed file URL lives about a day
)

// Config says what a simulator offers; its zero value is a good one.
type Config struct {
	Addr        string   // listen address, default DefaultAddr; loopback only
	APIKeys     []string // accepted Fathom keys, default DemoAPIKey
	AdminKeys   []string // keys or tokens of account admins (GET /users), default the first of APIKeys
	OAuthTokens []string // accepted bearer tokens, default none

	Meetings        int    // how many meetings are generated, default DefaultMeetings; negative for none
	Seed            uint64 // another seed, other transcripts and links
	RecordingSize   int64  // when > 0 every recording is padded to this many bytes
	ProcessingPolls int    // status polls that answer "processing", default DefaultProcessingPolls; negative for none
	NullOptionals   bool   // parts that were not asked for are null instead of absent; the docs allow either
	NoRange         bool   // signed files ignore Range; see also SetRange

	RateLimits bool   // enforce Limits
	Limits     Limits // default 60 / 30 / 30 calls in 60 s
	HeadersOff bool   // leave RateLimit-* and Retry-After out

	LoomSession string // when set, the upload page wants it as cookie connect.sid and redirects to /login without

	Logger *slog.Logger
	Now    func() time.Time // clock, default time.Now
}

// withDefaults fills in what is not set and refuses what cannot work.
func (c Config) withDefaults() (Config, error) {
	if c.Addr == "" {
		c.Addr = DefaultAddr
	}
	if err := checkLoopback(c.Addr); err != nil {
		return c, err
	}
	if len(c.APIKeys) == 0 {
		c.APIKeys = []string{DemoAPIKey}
	}
	if c.AdminKeys == nil {
		c.AdminKeys = c.APIKeys[:1]
	}
	if c.Meetings == 0 {
		c.Meetings = DefaultMeetings
	}
	if c.ProcessingPolls == 0 {
		c.ProcessingPolls = DefaultProcessingPolls
	}
	c.Limits = c.Limits.withDefaults()
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, nil
}

// checkLoopback refuses addresses other machines could reach: the simulator has no secrets and no protection.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("read simulator address %q: %w", addr, err)
	}
	if host == "localhost" {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Unmap().IsLoopback() {
		return nil
	}
	return fmt.Errorf("simulator address %q is not a loopback address: use 127.0.0.1:PORT, [::1]:PORT or localhost:PORT", addr)
}

// Server is one simulator. Make it with New.
type Server struct {
	cfg     Config
	handler http.Handler
	life    *lifecycle

	clients   *clientBook
	limiter   *limiter
	library   *library
	downloads *downloadBook
	webhooks  *webhookBook
	loom      *loomShelf
	faults    *faultQueue
	log       *requestLog
}

// New makes a simulator with its meetings; it listens only after Start.
func New(cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg:       cfg,
		life:      newLifecycle(),
		clients:   newClientBook(cfg),
		limiter:   newLimiter(cfg),
		downloads: newDownloadBook(cfg),
		webhooks:  newWebhookBook(),
		loom:      newLoomShelf(cfg),
		faults:    newFaultQueue(),
		log:       newRequestLog(),
	}
	if s.library, err = newLibrary(cfg); err != nil {
		return nil, err
	}
	s.handler = s.routes()
	return s, nil
}

// Reset returns to the state New left: the generated meetings, all keys, and no faults, requests, downloads, webhooks
// or Loom videos.
func (s *Server) Reset() {
	s.faults.reset()
	s.clients.reset()
	s.limiter.reset()
	s.library.reset()
	s.downloads.reset()
	s.webhooks.reset()
	s.loom.reset()
	s.log.reset()
}
