package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Registration is this program as the authorization server knows it. It belongs to one redirect URI and one issuer, and
// refresh tokens belong to it: keep it as long as them. It prints as [redacted].
type Registration struct {
	unprintable
	ClientID      string    `json:"client_id"`
	ClientSecret  string    `json:"client_secret,omitempty"`
	AuthMethod    string    `json:"auth_method,omitempty"` // of the token endpoint
	RedirectURI   string    `json:"redirect_uri"`
	Issuer        string    `json:"issuer"`
	SecretExpires time.Time `json:"secret_expires,omitzero"` // zero: never
}

// Fits reports whether a registration can be used for another sign-in.
func (r Registration) Fits(server Server, redirectURI string, now time.Time) bool {
	return r.ClientID != "" && r.Issuer == server.Issuer && r.RedirectURI == redirectURI &&
		(r.SecretExpires.IsZero() || now.Before(r.SecretExpires))
}

// usesBasic reports whether the client authenticates with a header instead of fields of the form.
func (r Registration) usesBasic() bool {
	return r.ClientSecret != "" && r.AuthMethod == "client_secret_basic"
}

// Register registers this program for a redirect URI, which must be https, or http at a loopback address. It asks to be a
// public client; Atlassian nevertheless returns a secret sometimes, which is then used.
func (c *Client) Register(ctx context.Context, server Server, redirectURI string) (Registration, error) {
	const op = "register at atlassian"
	if _, err := parseSecure(redirectURI); err != nil {
		return Registration{}, &Error{Op: op, Kind: KindUnsupported, Err: fmt.Errorf("redirect URI: %w", err)}
	}
	if server.RegisterURL == "" {
		return Registration{}, &Error{Op: op, Kind: KindUnsupported, Err: errors.New("no dynamic registration")}
	}
	endpoint, err := c.parseTrusted(server.RegisterURL)
	if err != nil {
		return Registration{}, &Error{Op: op, Kind: KindProtocol, Err: fmt.Errorf("registration endpoint: %w", err)}
	}
	var answer struct {
		ClientID      string  `json:"client_id"`
		ClientSecret  string  `json:"client_secret"`
		AuthMethod    string  `json:"token_endpoint_auth_method"`
		SecretExpires float64 `json:"client_secret_expires_at"`
	}
	err = c.send(ctx, request{op: op, method: http.MethodPost, url: endpoint, json: map[string]any{
		"client_name":                c.clientName,
		"redirect_uris":              []string{redirectURI},
		"grant_types":                []string{"authorization_code", "refresh_token"},
		"response_types":             []string{"code"},
		"token_endpoint_auth_method": "none",
	}}, &answer)
	if err != nil {
		return Registration{}, err
	}
	if strings.TrimSpace(answer.ClientID) == "" {
		return Registration{}, &Error{Op: op, Kind: KindProtocol, Err: errors.New("response has no client ID")}
	}
	registration := Registration{
		ClientID: answer.ClientID, ClientSecret: answer.ClientSecret, AuthMethod: answer.AuthMethod, RedirectURI: redirectURI, Issuer: server.Issuer,
	}
	if seconds := answer.SecretExpires; answer.ClientSecret != "" && seconds > 0 && seconds < 1e11 {
		registration.SecretExpires = time.Unix(int64(seconds), 0).UTC()
	}
	return registration, nil
}
