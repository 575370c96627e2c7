package oauth

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Token is a grant: an access token, and a refresh token that replaces both once. It prints as [redacted].
type Token struct {
	unprintable
	Access  string    `json:"access"`
	Refresh string    `json:"refresh,omitempty"` // blank: the sign-in ends with the access token
	Expires time.Time `json:"expires,omitzero"`  // of the access token; zero if unknown
	Scope   string    `json:"scope,omitempty"`   // as granted; blank if the server doesn't say
}

// Exchange exchanges the code of a callback for a token. A code can be used once.
func (c *Client) Exchange(ctx context.Context, server Server, registration Registration, pending Pending, code string) (Token, error) {
	return c.requestToken(ctx, "complete sign-in at atlassian", server, registration, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {registration.RedirectURI}, "code_verifier": {pending.Verifier},
	}, code, pending.Verifier)
}

// Refresh exchanges a refresh token for a new token. The refresh token is used up, even if the answer gets lost: store
// the new token before using it, and never refresh the same token twice at once. An error of KindDead or KindClient
// means that the person must sign in again.
func (c *Client) Refresh(ctx context.Context, server Server, registration Registration, refreshToken string) (Token, error) {
	const op = "refresh atlassian token"
	if refreshToken == "" {
		return Token{}, &Error{Op: op, Kind: KindDead, Err: errors.New("no refresh token")}
	}
	token, err := c.requestToken(ctx, op, server, registration, url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {refreshToken},
	}, refreshToken)
	if err == nil && token.Refresh == "" {
		token.Refresh = refreshToken // RFC 6749, section 6: still valid unless replaced
	}
	return token, err
}

// requestToken adds the resource to every request: without it, Atlassian issues tokens for another service.
func (c *Client) requestToken(ctx context.Context, op string, server Server, registration Registration, form url.Values, secrets ...string) (Token, error) {
	endpoint, err := c.parseTrusted(server.TokenURL)
	if err != nil {
		return Token{}, &Error{Op: op, Kind: KindProtocol, Err: fmt.Errorf("token endpoint: %w", err)}
	}
	form.Set("resource", server.Resource)
	var answer struct {
		Access    string `json:"access_token"`
		Refresh   string `json:"refresh_token"`
		Type      string `json:"token_type"`
		ExpiresIn any    `json:"expires_in"`
		Scope     any    `json:"scope"`
	}
	err = c.send(ctx, request{op: op, method: http.MethodPost, url: endpoint, form: form, client: registration, secrets: secrets}, &answer)
	if err != nil {
		return Token{}, err
	}
	if !isHeaderValue(answer.Access) || answer.Type != "" && !strings.EqualFold(answer.Type, "Bearer") {
		return Token{}, &Error{Op: op, Kind: KindProtocol, Unclear: true, Err: errors.New("response has no usable access token")}
	}
	token := Token{Access: answer.Access, Refresh: answer.Refresh}
	token.Scope, _ = answer.Scope.(string)
	if lifetime := seconds(answer.ExpiresIn); lifetime > 0 {
		token.Expires = c.now().Add(lifetime).UTC()
	}
	return token, nil
}

const maxLifetime = 366 * 24 * time.Hour // also keeps a duration from overflowing

// seconds reads a number or a text of a number.
func seconds(value any) time.Duration {
	number, ok := value.(float64)
	if text, isText := value.(string); isText {
		parsed, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		number, ok = parsed, err == nil
	}
	if !ok || math.IsNaN(number) || number <= 0 {
		return 0
	}
	return time.Duration(min(number, maxLifetime.Seconds()) * float64(time.Second))
}

// isHeaderValue reports whether a token can be sent in a header.
func isHeaderValue(token string) bool {
	for i := range len(token) {
		if token[i] <= ' ' || token[i] > '~' {
			return false
		}
	}
	return token != ""
}

// Revoke ends a grant at the server. It returns an *[Error] of KindUnsupported if the server has no revocation.
func (c *Client) Revoke(ctx context.Context, server Server, registration Registration, token Token) error {
	const op = "revoke atlassian token"
	if server.RevokeURL == "" {
		return &Error{Op: op, Kind: KindUnsupported, Err: errors.New("no revocation")}
	}
	endpoint, err := c.parseTrusted(server.RevokeURL)
	if err != nil {
		return &Error{Op: op, Kind: KindProtocol, Err: fmt.Errorf("revocation endpoint: %w", err)}
	}
	var failed error
	for _, revoked := range []struct{ value, hint string }{{token.Refresh, "refresh_token"}, {token.Access, "access_token"}} {
		if revoked.value == "" {
			continue
		}
		err := c.send(ctx, request{
			op: op, method: http.MethodPost, url: endpoint, client: registration, secrets: []string{revoked.value},
			form: url.Values{"token": {revoked.value}, "token_type_hint": {revoked.hint}},
		}, nil)
		failed = errors.Join(failed, err)
	}
	return failed
}
