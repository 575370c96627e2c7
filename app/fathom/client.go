// Package fathom is a client of the Fathom External API
// (https://developers.fathom.ai/api-reference). It lists meetings with their details, requests
// recordings and streams recording files to disk.
//
// A [Client] is shared by the whole program; an [Account] is one API key's view of it. Both are safe
// for concurrent use. All accounts of a key share its rate budgets, so that two jobs of one user stay
// within Fathom's limits. Budgets are indexed by the SHA-256 of the key; only the Account holds the key.
//
// Errors are *[Error] with a [Kind], with three exceptions: ctx.Err when a context ends,
// [ErrLinkExpired], and the errors of a local file.
//
// The package must not read the environment, must not log or return a key or a signed file URL, and
// must not send a key to any host but the configured one.
package fathom

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

const (
	defaultRetryFor    = time.Minute
	defaultTimeout     = time.Minute
	defaultIdleTimeout = time.Minute
	defaultMinRate     = 64 << 10 // bytes per second
	defaultRateWindow  = 2 * time.Minute
)

// Config configures a Client. Only BaseURL is required.
type Config struct {
	// BaseURL is the root of the API, for instance https://api.fathom.ai/external/v1. A trailing
	// slash is allowed.
	BaseURL string

	// Network is how the API and file hosts are reached. A guard refuses file hosts with forbidden addresses.
	Network outbound.Network

	// Transport carries every request; the default is that of Network. For file hosts, an
	// *http.Transport is cloned and guarded. Any other type is used unchanged; then a file host is refused
	// only if the URL contains a forbidden IP address.
	Transport http.RoundTripper

	// Logger receives requests and retries at debug level. The default discards them.
	Logger *slog.Logger

	// UserAgent is sent with every request; the default is [outbound.UserAgent].
	UserAgent string

	// Limits are the budgets of each key. The zero value means DefaultLimits.
	Limits Limits

	// RetryFor limits how long one call retries 429, 5xx and network errors. 0 means one minute; a
	// negative value disables retries.
	RetryFor time.Duration

	// MaxWait limits how long one call waits at a time for a budget, or because Fathom asked for it. Instead
	// of a longer wait, the call returns an *[Error] with RetryAfter. 0 means no limit but RetryFor.
	MaxWait time.Duration

	// MinRate is the least number of bytes per second that a file must arrive with, on average over
	// MinRateWindow. 0 means 64 KB/s; a negative value disables the check.
	MinRate int64

	// MinRateWindow is the time between two checks of MinRate. 0 means two minutes.
	MinRateWindow time.Duration

	// Timeout limits one request to the API, but not the download of a file. 0 means one minute.
	Timeout time.Duration

	// IdleTimeout limits how long a file download may receive no bytes. 0 means one minute.
	IdleTimeout time.Duration

	// OnAttempt is called after each attempt to call the API, but not to fetch a file, with whether Fathom responded.
	// It must return immediately. The default does nothing.
	OnAttempt func(reached bool)

	// OnCall is called after each attempt to call the API and each fetch of a file, with the operation and the kind of its
	// error, which is blank after a success. OnBytes is called with the number of bytes of files that have arrived. Both
	// must return immediately. The default does nothing.
	OnCall  func(operation string, problem Kind)
	OnBytes func(n int64)

	// Now and Sleep replace the clock in tests.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
}

// Client talks to one Fathom API. Create it with [New] and release it with Close.
type Client struct {
	base        *url.URL
	api         *http.Client
	files       *http.Client
	guard       *outbound.Guard
	logger      *slog.Logger
	userAgent   string
	limits      Limits
	retryFor    time.Duration
	maxWait     time.Duration
	minRate     int64
	rateWindow  time.Duration
	timeout     time.Duration
	idleTimeout time.Duration
	onAttempt   func(reached bool)
	onCall      func(operation string, problem Kind)
	onBytes     func(n int64)
	now         func() time.Time
	sleep       func(ctx context.Context, d time.Duration) error

	largeBodies chan struct{} // contains a value per large response that is being read

	mu          sync.Mutex
	budgets     map[keyHash]*rateBudget
	lastCleanup time.Time // of budgets
}

// New validates cfg and returns a client. It sends nothing.
func New(cfg Config) (*Client, error) {
	base, err := outbound.ParseBaseURL(cfg.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("parse the fathom base URL: %w", err)
	}

	c := &Client{
		base:        base,
		guard:       NewFileGuard(cfg.Network, base),
		logger:      cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)),
		userAgent:   cmp.Or(strings.TrimSpace(cfg.UserAgent), outbound.UserAgent),
		limits:      cmp.Or(cfg.Limits, DefaultLimits),
		retryFor:    max(cmp.Or(cfg.RetryFor, defaultRetryFor), 0),
		maxWait:     cfg.MaxWait,
		minRate:     cmp.Or(cfg.MinRate, defaultMinRate),
		rateWindow:  cmp.Or(cfg.MinRateWindow, defaultRateWindow),
		largeBodies: make(chan struct{}, maxLargeBodies),
		timeout:     cmp.Or(max(cfg.Timeout, 0), defaultTimeout),
		idleTimeout: cmp.Or(max(cfg.IdleTimeout, 0), defaultIdleTimeout),
		onAttempt:   cfg.OnAttempt,
		onCall:      cfg.OnCall,
		onBytes:     cfg.OnBytes,
		now:         cfg.Now,
		sleep:       cfg.Sleep,
		budgets:     map[keyHash]*rateBudget{},
	}
	if c.onAttempt == nil {
		c.onAttempt = func(bool) {}
	}
	if c.onCall == nil {
		c.onCall = func(string, Kind) {}
	}
	if c.onBytes == nil {
		c.onBytes = func(int64) {}
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.sleep == nil {
		c.sleep = outbound.Sleep
	}

	transport := cfg.Transport
	if transport == nil {
		transport = cfg.Network.Transport()
	}
	c.api = &http.Client{Transport: transport, CheckRedirect: outbound.SameOriginOnly}
	c.files = &http.Client{Transport: c.guard.Transport(transport), CheckRedirect: c.guard.CheckRedirect}
	return c, nil
}

// NewFileGuard returns the guard for file hosts. The files of a simulator may be on private addresses, but those of Fathom
// never are, whatever a resolver returns for Fathom's own names.
func NewFileGuard(network outbound.Network, base *url.URL) *outbound.Guard {
	host := strings.ToLower(strings.TrimSuffix(base.Hostname(), "."))
	if host == "fathom.ai" || strings.HasSuffix(host, ".fathom.ai") {
		base = nil
	}
	return outbound.NewGuard(network, base)
}

// Close closes idle connections. The client remains usable.
func (c *Client) Close() {
	c.api.CloseIdleConnections()
	c.files.CloseIdleConnections()
}
