package oauth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// The values of Config.Scopes that are not lists.
const (
	ScopesAll  = "all"  // all scopes that the MCP server advertises
	ScopesNone = "none" // no scope parameter
)

// DefaultScopes are what uploads need, who the person is, and refresh tokens.
const DefaultScopes = "read:me read:account offline_access read:loom:agent-interface write:loom:agent-interface"

func splitScopes(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\t' })
}

// scopesFor returns the scope parameter, or a blank text for none.
func (c *Client) scopesFor(server Server) string {
	switch c.scopes {
	case ScopesNone:
		return ""
	case ScopesAll:
		return strings.Join(server.Scopes, " ")
	case "":
		wanted := splitScopes(DefaultScopes)
		if len(server.Scopes) > 0 {
			wanted = slices.DeleteFunc(wanted, func(scope string) bool { return !slices.Contains(server.Scopes, scope) })
		}
		return strings.Join(wanted, " ")
	}
	return c.scopes
}

// Pending is a sign-in that waits for the person. It prints as [redacted].
type Pending struct {
	unprintable
	State    string `json:"state"`
	Verifier string `json:"verifier"`
}

// Matches reports whether a callback belongs to this sign-in.
func (p Pending) Matches(state string) bool {
	return p.State != "" && subtle.ConstantTimeCompare([]byte(p.State), []byte(state)) == 1
}

// Begin returns the address at which the person consents. The authorization server then redirects to the registration's
// redirect URI, with code and state, or with error and error_description. A domain that the organization doesn't allow
// gets no redirect at all.
func (c *Client) Begin(server Server, registration Registration) (address string, pending Pending, err error) {
	const op = "begin sign-in at atlassian"
	endpoint, err := c.parseTrusted(server.AuthorizeURL)
	if err != nil {
		return "", Pending{}, &Error{Op: op, Kind: KindProtocol, Err: fmt.Errorf("authorization endpoint: %w", err)}
	}
	pending = Pending{State: randomText(), Verifier: randomText()}
	challenge := sha256.Sum256([]byte(pending.Verifier))
	query := endpoint.Query()
	query.Set("response_type", "code")
	query.Set("client_id", registration.ClientID)
	query.Set("redirect_uri", registration.RedirectURI)
	query.Set("state", pending.State)
	query.Set("code_challenge", base64.RawURLEncoding.EncodeToString(challenge[:]))
	query.Set("code_challenge_method", "S256")
	query.Set("resource", server.Resource)
	query.Set("prompt", "consent") // without it, Atlassian may skip the choice of the site
	if scopes := c.scopesFor(server); scopes != "" {
		query.Set("scope", scopes)
	}
	endpoint.RawQuery = query.Encode()
	return endpoint.String(), pending, nil
}

// randomText returns 256 random bits. As a verifier it has the least length that PKCE allows.
func randomText() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}
