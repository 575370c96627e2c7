// Package loom is the Loom side of a transfer: it checks whether Loom accepts a recording, delivers it
// through an [Uploader], and compares a share link with the recording it should lead to.
//
// Loom has no public REST API for uploads
// (https://support.atlassian.com/loom/docs/does-loom-have-an-open-api/). It has oEmbed for one public
// video, which is the only endpoint that [Client] calls. The default uploader, [Handover], leaves the
// upload to the user.
//
// Everything in this package is safe for concurrent use. The package must not read the environment, must not
// invent Loom endpoints, and must not request a link that a user pasted: it only uses its video id.
package loom

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

const (
	defaultBaseURL = "https://www.loom.com"
	defaultTimeout = 15 * time.Second
)

// Config configures a Client. The zero value is for the real Loom.
type Config struct {
	// BaseURL is https://www.loom.com (the default) or the root of a simulator.
	BaseURL string

	// Network is how Loom is reached.
	Network outbound.Network

	// Transport carries the requests; the default is that of Network.
	Transport http.RoundTripper

	// Logger receives requests at debug level. The default discards them.
	Logger *slog.Logger

	// Timeout limits one request; 0 means 15 seconds.
	Timeout time.Duration
}

// Client reads public videos of one Loom. Create it with [New] and release it with Close.
type Client struct {
	base   *url.URL
	real   bool           // whether base is www.loom.com and not a simulator
	share  *regexp.Regexp // links to videos
	http   *http.Client
	logger *slog.Logger
}

// New validates cfg and returns a client. It sends nothing.
func New(cfg Config) (*Client, error) {
	base, err := outbound.ParseBaseURL(cmp.Or(strings.TrimSpace(cfg.BaseURL), defaultBaseURL))
	if err != nil {
		return nil, fmt.Errorf("parse the loom base URL: %w", err)
	}
	base.Host = strings.ToLower(base.Host)
	c := &Client{base: base, real: isLoomHost(base.Host), logger: cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))}
	if c.real {
		c.base = &url.URL{Scheme: "https", Host: "www.loom.com"} // the canonical form
	}
	c.share = sharePattern(c.base, c.real)
	transport := cfg.Transport
	if transport == nil {
		transport = cfg.Network.Transport()
	}
	c.http = &http.Client{
		Transport:     transport,
		Timeout:       cmp.Or(max(cfg.Timeout, 0), defaultTimeout),
		CheckRedirect: outbound.SameOriginOnly, // another host can't vouch for a video
	}
	return c, nil
}

// Close closes idle connections. The client remains usable.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func isLoomHost(host string) bool {
	switch strings.ToLower(host) {
	case "loom.com", "www.loom.com", "loom.com:443", "www.loom.com:443":
		return true
	}
	return false
}
