// Package atlassian is a client of Atlassian's remote MCP server
// (https://github.com/atlassian/atlassian-mcp-server), which offers the operations of Loom and other products. It
// connects with a person's credential, lists sites and operations with their live input schemas, and calls them.
//
// A [Client] is shared by the whole program; a [Session] is one person's connection. Both are safe for concurrent
// use. A session is meant to be short: connect, call, close. It is never repaired; after an error that is
// [Error.Temporary], connect again.
//
// Errors are *[Error] with a [Kind], except for the error of a context that ends, which is returned wrapped.
//
// No request is ever repeated, with one exception: a request that was refused because of its credential, when
// [Credential.Renew] has a newer one. The package must not read the environment, must not log or return a
// credential or a signed address, must not follow redirects, and must not send a credential to any host but the
// configured one. It knows nothing about uploads.
package atlassian

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	// DefaultEndpoint is the address of Atlassian's own server.
	DefaultEndpoint = "https://mcp.atlassian.com/v2/mcp"

	// DefaultProtocolVersion is the version of MCP that the client offers. The server may answer with an older one.
	DefaultProtocolVersion = "2025-11-25"

	defaultCallTimeout = time.Minute
)

// Config configures a Client. Only HTTP is required.
type Config struct {
	// Endpoint is the address of the MCP server; the default is DefaultEndpoint. It must be https unless its host is
	// a loopback address.
	Endpoint string

	// ProtocolVersion is offered to the server; the default is DefaultProtocolVersion.
	ProtocolVersion string

	// AllTools asks for the flat list of all operations, by adding tools=all to the address. Without it, operations
	// are found with the tool discover, and called with executeRead and its siblings.
	AllTools bool

	// HTTP sends all requests. Only its Transport is used: redirects are refused.
	HTTP *http.Client

	// CallTimeout limits one call, from its request to the end of its answer. 0 means one minute.
	CallTimeout time.Duration

	// OnCall is called after each connection and call, with the kind of its error, which is blank after a success. It must
	// return immediately. The default does nothing.
	OnCall func(problem Kind)

	// Logger receives calls at debug level, without inputs and answers. The default discards them.
	Logger *slog.Logger

	// Version is reported to the server as that of this program; the default is "dev".
	Version string

	// Now replaces the clock in tests.
	Now func() time.Time
}

// Client connects to one MCP server. Create it with [New].
type Client struct {
	endpoint    string
	protocol    string
	http        *http.Client
	callTimeout time.Duration
	logger      *slog.Logger
	onCall      func(problem Kind)
	mcp         *mcp.Client
	now         func() time.Time
}

// New validates cfg and returns a client. It sends nothing.
func New(cfg Config) (*Client, error) {
	endpoint, err := parseEndpoint(cmp.Or(strings.TrimSpace(cfg.Endpoint), DefaultEndpoint))
	if err != nil {
		return nil, fmt.Errorf("parse the address of the MCP server: %w", err)
	}
	if cfg.HTTP == nil || cfg.HTTP.Transport == nil {
		return nil, errors.New("no HTTP transport for the MCP server")
	}
	if cfg.AllTools {
		query := endpoint.Query()
		query.Set("tools", "all")
		endpoint.RawQuery = query.Encode()
	}
	c := &Client{
		endpoint:    endpoint.String(),
		protocol:    cmp.Or(strings.TrimSpace(cfg.ProtocolVersion), DefaultProtocolVersion),
		http:        cfg.HTTP,
		callTimeout: cmp.Or(max(cfg.CallTimeout, 0), defaultCallTimeout),
		logger:      cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)),
		onCall:      cfg.OnCall,
		now:         cfg.Now,
	}
	if c.onCall == nil {
		c.onCall = func(Kind) {}
	}
	if c.now == nil {
		c.now = time.Now
	}
	c.mcp = mcp.NewClient(&mcp.Implementation{Name: "fathom-to-loom", Title: "Fathom-to-Loom", Version: cmp.Or(cfg.Version, "dev")}, &mcp.ClientOptions{
		Capabilities: &mcp.ClientCapabilities{}, // the default would offer the server to list local directories
		// A server could use it to have a call repeated.
		MultiRoundTrip: &mcp.MultiRoundTripOptions{Disabled: true},
	})
	return c, nil
}

// parseEndpoint requires https, because each request carries a credential.
func parseEndpoint(raw string) (*url.URL, error) {
	endpoint, err := url.Parse(raw)
	if err != nil || endpoint.Hostname() == "" {
		return nil, errors.New("not an absolute URL")
	}
	if endpoint.User != nil || endpoint.Fragment != "" {
		return nil, errors.New("credentials and fragment are not allowed")
	}
	if endpoint.Scheme != "https" && (endpoint.Scheme != "http" || !isLoopback(endpoint.Hostname())) {
		return nil, errors.New("must be https, or http at a loopback address")
	}
	return endpoint, nil
}

func isLoopback(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// Connect initializes a session for a credential. Close it after use.
func (c *Client) Connect(ctx context.Context, credential Credential) (*Session, error) {
	const op = "connect to atlassian"
	s := &Session{client: c, carrier: newCarrier(c.http.Transport, credential, c.now)}
	transport := &mcp.StreamableClientTransport{
		Endpoint:             c.endpoint,
		HTTPClient:           s.carrier.client(),
		MaxRetries:           -1, // 0 would mean five
		DisableStandaloneSSE: true,
		MaxEventSize:         maxAnswer,
	}
	err := s.exchange(ctx, op, &record{}, func(ctx context.Context) (err error) {
		s.mcp, err = c.mcp.Connect(ctx, transport, &mcp.ClientSessionOptions{ProtocolVersion: c.protocol})
		return err
	})
	c.reportCall(ctx, err)
	if err != nil {
		s.carrier.finish()
		return nil, err
	}
	s.carrier.connected.Store(true)
	c.logger.DebugContext(ctx, "connected to atlassian", "protocol", s.mcp.InitializeResult().ProtocolVersion)
	return s, nil
}

// reportCall tells Config.OnCall how a call ended, unless the caller has given up.
func (c *Client) reportCall(ctx context.Context, err error) {
	if err == nil {
		c.onCall("")
		return
	}
	if ctx.Err() != nil {
		return
	}
	problem := KindProtocol
	if failure, ok := errors.AsType[*Error](err); ok {
		problem = failure.Kind
	}
	c.onCall(problem)
}
