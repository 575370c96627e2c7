// Package oauth signs people in to Atlassian's MCP server with OAuth 2.1, as the authorization part of MCP specifies it
// (https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization): discovery, dynamic registration, PKCE,
// refresh and revocation. A sign-in consists of Discover, Register, Begin, the consent of the person in a browser, and
// Exchange.
//
// [Server], [Registration], [Pending] and [Token] can be stored as JSON. The latter three contain secrets: they print as
// [redacted], and their JSON must be encrypted.
//
// A [Client] is safe for concurrent use, but a refresh token is not: it can be used once, and using it twice may end the
// whole grant. Callers must refresh a token once at a time, and store the new one before they use it.
//
// Errors are *[Error] with a [Kind], except for the error of a context that ends, which is returned wrapped. No request
// is repeated. The package must not read the environment, must not log or return a secret, must not follow redirects,
// and must not send anything to a host outside of the MCP server's own site, whatever the metadata says.
package oauth

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	defaultClientName = "Fathom-to-Loom"
	defaultTimeout    = 30 * time.Second
)

// Config configures a Client. Resource and HTTP are required.
type Config struct {
	// Resource is the address of the MCP server, such as https://mcp.atlassian.com/v2/mcp. Its query is ignored. It must
	// be https unless its host is a loopback address; the same holds for all addresses in metadata.
	Resource string

	// Scopes are the scopes to ask for, separated by spaces or commas: ScopesAll, ScopesNone, or a list. Blank means
	// DefaultScopes, as far as the server advertises them.
	Scopes string

	// ClientName is shown to people when they consent; the default is Fathom-to-Loom.
	ClientName string

	// HTTP sends all requests. It should refuse private addresses, because metadata names further hosts. Only its
	// Transport is used.
	HTTP *http.Client

	// Timeout limits one request. 0 means 30 seconds.
	Timeout time.Duration

	// Logger receives requests at debug level. The default discards them.
	Logger *slog.Logger

	// Now replaces the clock in tests.
	Now func() time.Time
}

// Client is this program as a client of one authorization server. Create it with [New].
type Client struct {
	resource   *url.URL
	scopes     string
	clientName string
	http       *http.Client
	timeout    time.Duration
	logger     *slog.Logger
	now        func() time.Time
}

// New validates cfg and returns a client. It sends nothing.
func New(cfg Config) (*Client, error) {
	resource, err := parseSecure(strings.TrimSpace(cfg.Resource))
	if err != nil {
		return nil, fmt.Errorf("parse the address of the MCP server: %w", err)
	}
	resource.RawQuery, resource.ForceQuery = "", false
	if cfg.HTTP == nil || cfg.HTTP.Transport == nil {
		return nil, errors.New("no HTTP transport for the sign-in to atlassian")
	}
	c := &Client{
		resource:   resource,
		scopes:     strings.Join(splitScopes(cfg.Scopes), " "),
		clientName: cmp.Or(strings.TrimSpace(cfg.ClientName), defaultClientName),
		http: &http.Client{
			Transport:     cfg.HTTP.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		timeout: cmp.Or(max(cfg.Timeout, 0), defaultTimeout),
		logger:  cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)),
		now:     cfg.Now,
	}
	if c.now == nil {
		c.now = time.Now
	}
	return c, nil
}
