package loom

import (
	"cmp"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	defaultBaseURL = "https://www.loom.com"
	defaultTimeout = 15 * time.Second
	maxRedirects   = 3
)

// Config says where Loom is. The zero value is the real one.
type Config struct {
	// BaseURL is https://www.loom.com (also when blank) or a simulator's root.
	BaseURL string

	// Transport carries the requests; nil is a tuned default without a proxy.
	Transport http.RoundTripper

	// Logger receives requests at debug level; nil discards.
	Logger *slog.Logger

	// Timeout bounds one request; 0 is 15 seconds.
	Timeout time.Duration
}

// Client reads public videos of one Loom. Build it with [New].
type Client struct {
	base *url.URL
	real bool // www.loom.com rather than a simulator
	http *http.Client
	log  *slog.Logger
	now  func() time.Time
}

// New checks cfg and returns a client. It sends nothing.
func New(cfg Config) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(cmp.Or(strings.TrimSpace(cfg.BaseURL), defaultBaseURL), "/"))
	if err != nil || base.Hostname() == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, errors.New("loom base URL must be an absolute http or https URL")
	}
	if base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, errors.New("loom base URL must carry no credentials, query or fragment")
	}
	base.Host = strings.ToLower(base.Host)
	c := &Client{base: base, real: isLoomHost(base.Host), log: cfg.Logger, now: time.Now}
	if c.real {
		c.base = &url.URL{Scheme: "https", Host: "www.loom.com"} // one canonical form
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	transport := cfg.Transport
	if transport == nil {
		transport = defaultTransport()
	}
	c.http = &http.Client{
		Transport:     transport,
		Timeout:       cmp.Or(max(cfg.Timeout, 0), defaultTimeout),
		CheckRedirect: sameOriginOnly,
	}
	return c, nil
}

// Close drops idle connections. The client stays usable.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func defaultTransport() *http.Transport {
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        8,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
	}
}

// sameOriginOnly: an answer from elsewhere would not be Loom's word.
func sameOriginOnly(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects || req.URL.Scheme != via[0].URL.Scheme || req.URL.Host != via[0].URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}

func isLoomHost(host string) bool {
	switch strings.ToLower(host) {
	case "loom.com", "www.loom.com", "loom.com:443", "www.loom.com:443":
		return true
	}
	return false
}
