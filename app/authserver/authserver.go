// Package authserver lets assistants ask people for access to their meetings: it is an OAuth 2.1 authorization server for
// one resource, the endpoint /mcp. It issues codes to public clients that use PKCE, and exchanges them for grants of package
// tokens, which are read-only, confined to /mcp, and revoked together with a person's sessions.
//
// Clients are known by a document at the https URL that is their client_id, or by a signed text with their metadata that
// Register returns as their client_id. Neither is stored, and neither proves who operates a client: a person decides.
// Nothing is fetched or stored for somebody who isn't signed in.
//
// A Service is safe for concurrent use. It must not decide who is signed in, and never redirects anybody: callers show
// errors, and follow a redirect only after the person has decided.
package authserver

import (
	"cmp"
	"crypto/tls"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

const (
	// ResourcePath is the path of the resource below the server's URL.
	ResourcePath = "/mcp"
	// AuthorizePath, TokenPath, RegisterPath and RevokePath are the endpoints below the server's URL.
	AuthorizePath = "/oauth/authorize"
	TokenPath     = "/oauth/token"
	RegisterPath  = "/oauth/register"
	RevokePath    = "/oauth/revoke"

	// GrantLifetime is how long an assistant has access before the person must agree again.
	GrantLifetime = 90 * 24 * time.Hour

	scope = string(tokens.Read)
)

// Config configures a Service. TLS, Logger and Now are optional.
type Config struct {
	BaseURL  string // of this server, without a slash at the end; it is the issuer
	Secret   []byte // from which the keys are derived that sign registrations and decisions
	Previous []byte // the secret before its rotation; nil if there was none
	Tokens   *tokens.Service
	Network  outbound.Network // on which documents of clients are fetched
	TLS      *tls.Config      // for these; default: that of net/http
	Logger   *slog.Logger     // default: discards everything
	Now      func() time.Time // default: time.Now
}

// Service is the authorization server. It must be created with New.
type Service struct {
	baseURL string
	tokens  *tokens.Service
	logger  *slog.Logger
	now     func() time.Time

	registrations sealer
	decisions     sealer
	documents     *documents
	codes         *codes
	decided       *limit.Rate // by user
}

// New returns a Service, or an error if no keys can be derived from the secrets.
func New(cfg Config) (*Service, error) {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	registrations, err := newSealer("registrations", cfg.Secret, cfg.Previous)
	if err != nil {
		return nil, err
	}
	decisions, err := newSealer("decisions", cfg.Secret, cfg.Previous)
	if err != nil {
		return nil, err
	}
	return &Service{
		baseURL: cfg.BaseURL, tokens: cfg.Tokens, logger: cfg.Logger, now: cfg.Now,
		registrations: registrations, decisions: decisions,
		documents: newDocuments(cfg.Network, cfg.TLS, cfg.Now),
		codes:     newCodes(cfg.Now),
		decided:   limit.NewRate(limit.ConsentsPerSecond, limit.ConsentBurst, cfg.Now),
	}, nil
}

// Close closes idle connections.
func (s *Service) Close() { s.documents.client.CloseIdleConnections() }

// Issuer returns the identifier of the authorization server.
func (s *Service) Issuer() string { return s.baseURL }

// Resource returns the URL of the resource.
func (s *Service) Resource() string { return s.baseURL + ResourcePath }

// newHTTPClient returns a client that reaches only hosts on the Internet and follows no redirects.
func newHTTPClient(network outbound.Network, config *tls.Config) (*http.Client, *outbound.Guard) {
	guard := outbound.NewGuard(network, nil)
	transport := network.Transport()
	transport.TLSClientConfig = config
	transport.MaxResponseHeaderBytes = maxDocument
	return &http.Client{
		Transport:     guard.Transport(transport),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       documentTimeout,
	}, guard
}

// appendQuery returns a URL with more parameters.
func appendQuery(link string, parameters url.Values) (string, error) {
	u, err := url.Parse(link)
	if err != nil {
		return "", err
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += parameters.Encode()
	return u.String(), nil
}
