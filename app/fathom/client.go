package fathom

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	defaultUserAgent   = "fathom-to-loom"
	defaultRetryFor    = time.Minute
	defaultTimeout     = time.Minute
	defaultIdleTimeout = time.Minute

	// maxRedirects bounds the hops of one request, to Fathom or to a file host.
	maxRedirects = 3
)

// Config says how to reach Fathom. Only BaseURL is required.
type Config struct {
	// BaseURL is the root of the API, for instance
	// https://api.fathom.ai/external/v1; a trailing slash is tolerated.
	BaseURL string

	// Transport carries every request. Nil is a tuned default without a proxy.
	// For file hosts an *http.Transport is cloned and its dialler replaced by the
	// guarded one; any other kind is used as it is, and then only file hosts that
	// are literally a forbidden address are refused.
	Transport http.RoundTripper

	// Logger receives requests and retries at debug level. Nil discards.
	Logger *slog.Logger

	// UserAgent is sent with every request; "fathom-to-loom" when blank.
	UserAgent string

	// RetryFor is how long one call keeps retrying 429, 5xx and network errors.
	// 0 is a minute, negative is no retry at all.
	RetryFor time.Duration

	// Timeout bounds one request to the API (not a file transfer); 0 is a minute.
	Timeout time.Duration

	// IdleTimeout is how long a file transfer may go without a byte; 0 is a minute.
	IdleTimeout time.Duration

	// Now and Sleep replace the clock in tests.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
}

// Client talks to one Fathom API. Build it with [New], release it with Close.
type Client struct {
	base        *url.URL
	api         *http.Client
	files       *http.Client
	guard       *guard
	log         *slog.Logger
	userAgent   string
	retryFor    time.Duration
	timeout     time.Duration
	idleTimeout time.Duration
	now         func() time.Time
	sleep       func(ctx context.Context, d time.Duration) error

	mu      sync.Mutex
	budgets map[keyHash]*budget
	swept   time.Time
}

// New checks cfg and returns a client. It sends nothing.
func New(cfg Config) (*Client, error) {
	base, err := parseBase(cfg.BaseURL)
	if err != nil {
		return nil, err
	}

	c := &Client{
		base:        base,
		guard:       newGuard(base),
		log:         cfg.Logger,
		userAgent:   cmp.Or(strings.TrimSpace(cfg.UserAgent), defaultUserAgent),
		retryFor:    max(cmp.Or(cfg.RetryFor, defaultRetryFor), 0),
		timeout:     cmp.Or(max(cfg.Timeout, 0), defaultTimeout),
		idleTimeout: cmp.Or(max(cfg.IdleTimeout, 0), defaultIdleTimeout),
		now:         cfg.Now,
		sleep:       cfg.Sleep,
		budgets:     map[keyHash]*budget{},
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.sleep == nil {
		c.sleep = sleep
	}

	transport := cfg.Transport
	if transport == nil {
		transport = defaultTransport()
	}
	c.api = &http.Client{Transport: transport, CheckRedirect: sameOriginOnly}
	c.files = &http.Client{Transport: c.guard.transport(transport), CheckRedirect: c.guard.checkRedirect}
	return c, nil
}

// Close drops idle connections. The client stays usable.
func (c *Client) Close() {
	c.api.CloseIdleConnections()
	c.files.CloseIdleConnections()
}

func parseBase(raw string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimRight(strings.TrimSpace(raw), "/"))
	// The value is not repeated: somebody may have put credentials into it.
	if err != nil || base.Hostname() == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, errors.New("fathom base URL must be an absolute http or https URL")
	}
	if base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, errors.New("fathom base URL must carry no credentials, query or fragment")
	}
	return base, nil
}

// defaultTransport differs from http.DefaultTransport in that it looks at no
// environment variable for a proxy and expects many calls to few hosts.
func defaultTransport() *http.Transport {
	return &http.Transport{
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          32,
		MaxIdleConnsPerHost:   8,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// sameOriginOnly keeps the key at home: net/http would carry X-Api-Key, which it
// does not know to be a secret, along to any host. A redirected POST would turn
// into a GET, so only reads follow.
func sameOriginOnly(req *http.Request, via []*http.Request) error {
	first := via[0]
	if len(via) > maxRedirects || first.Method != http.MethodGet ||
		req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
