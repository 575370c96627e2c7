package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const maxScopes = 200 // in metadata

// Server is what metadata says about an MCP server's authorization server. Its addresses have been checked.
type Server struct {
	Resource     string   `json:"resource"` // the MCP server, as its metadata spells it
	Issuer       string   `json:"issuer"`
	AuthorizeURL string   `json:"authorize"`
	TokenURL     string   `json:"token"`
	RegisterURL  string   `json:"register,omitempty"` // blank: no dynamic registration
	RevokeURL    string   `json:"revoke,omitempty"`   // blank: no revocation
	Scopes       []string `json:"scopes,omitempty"`   // that the MCP server advertises
}

// resourceMetadata is defined in RFC 9728.
type resourceMetadata struct {
	Resource             string   `json:"resource"`
	AuthorizationServers []string `json:"authorization_servers"`
	Scopes               []string `json:"scopes_supported"`
}

// serverMetadata is defined in RFC 8414.
type serverMetadata struct {
	Issuer       string   `json:"issuer"`
	AuthorizeURL string   `json:"authorization_endpoint"`
	TokenURL     string   `json:"token_endpoint"`
	RegisterURL  string   `json:"registration_endpoint"`
	RevokeURL    string   `json:"revocation_endpoint"`
	Challenges   []string `json:"code_challenge_methods_supported"`
}

// Discover reads the metadata of the MCP server and of its authorization server. Metadata at the root of the MCP
// server's host is not used: at Atlassian it describes an older server.
func (c *Client) Discover(ctx context.Context) (Server, error) {
	const op = "discover atlassian's authorization server"
	var resource resourceMetadata
	if err := c.send(ctx, request{op: op, method: http.MethodGet, url: wellKnown(c.resource, "oauth-protected-resource")}, &resource); err != nil {
		return Server{}, err
	}
	if strings.TrimRight(resource.Resource, "/") != strings.TrimRight(c.resource.String(), "/") {
		return Server{}, &Error{Op: op, Kind: KindProtocol, Err: errors.New("metadata describes another MCP server")}
	}
	if len(resource.AuthorizationServers) == 0 {
		return Server{}, &Error{Op: op, Kind: KindUnsupported, Err: errors.New("MCP server names no authorization server")}
	}
	issuer, err := c.parseTrusted(resource.AuthorizationServers[0])
	if err != nil {
		return Server{}, &Error{Op: op, Kind: KindProtocol, Err: fmt.Errorf("authorization server: %w", err)}
	}
	metadata, err := c.serverMetadata(ctx, op, issuer)
	if err != nil {
		return Server{}, err
	}
	if strings.TrimRight(metadata.Issuer, "/") != strings.TrimRight(resource.AuthorizationServers[0], "/") {
		return Server{}, &Error{Op: op, Kind: KindProtocol, Err: errors.New("metadata describes another authorization server")}
	}
	server := Server{
		Resource: resource.Resource, Issuer: metadata.Issuer, AuthorizeURL: metadata.AuthorizeURL, TokenURL: metadata.TokenURL,
		RegisterURL: metadata.RegisterURL, RevokeURL: metadata.RevokeURL, Scopes: resource.Scopes[:min(len(resource.Scopes), maxScopes)],
	}
	if err := c.checkServer(server); err != nil {
		return Server{}, &Error{Op: op, Kind: KindProtocol, Err: err}
	}
	if !slices.Contains(metadata.Challenges, "S256") {
		return Server{}, &Error{Op: op, Kind: KindUnsupported, Err: errors.New("no PKCE with S256")}
	}
	return server, nil
}

// serverMetadata tries the addresses in the order of MCP's specification.
func (c *Client) serverMetadata(ctx context.Context, op string, issuer *url.URL) (metadata serverMetadata, err error) {
	for _, at := range []*url.URL{
		wellKnown(issuer, "oauth-authorization-server"),
		wellKnown(issuer, "openid-configuration"),
		issuer.JoinPath(".well-known", "openid-configuration"),
	} {
		metadata = serverMetadata{}
		err = c.send(ctx, request{op: op, method: http.MethodGet, url: at}, &metadata)
		if failed, ok := errors.AsType[*Error](err); !ok || failed.Status != http.StatusNotFound {
			break
		}
	}
	return metadata, err
}

// checkServer checks all addresses, also those of a Server that was stored.
func (c *Client) checkServer(server Server) error {
	for _, endpoint := range []struct {
		name, url string
		optional  bool
	}{
		{"authorization endpoint", server.AuthorizeURL, false},
		{"token endpoint", server.TokenURL, false},
		{"registration endpoint", server.RegisterURL, true},
		{"revocation endpoint", server.RevokeURL, true},
	} {
		if endpoint.url == "" && endpoint.optional {
			continue
		}
		if _, err := c.parseTrusted(endpoint.url); err != nil {
			return fmt.Errorf("%s: %w", endpoint.name, err)
		}
	}
	return nil
}

// wellKnown inserts the well-known path before the path of an address, as RFC 8414 and RFC 9728 specify.
func wellKnown(u *url.URL, name string) *url.URL {
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/.well-known/" + name}
	if path := strings.TrimRight(u.EscapedPath(), "/"); path != "" {
		return at.JoinPath(path)
	}
	return at
}
