package authserver

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"

	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

// The values of grant_type.
const (
	grantCode    = "authorization_code"
	grantRefresh = "refresh_token"
)

// verifierText is what RFC 7636 requires of a code verifier.
var verifierText = regexp.MustCompile(`^[A-Za-z0-9\-._~]{43,128}$`)

// errCode is the response to a code that can't be used, for whatever reason.
var errCode = &Error{codeInvalidGrant, "the code is not valid: it has expired, was used before, or was issued for other parameters"}

// Token exchanges a code or a refresh token, which are parameters of the form, for a grant. The error is an *Error, or one of
// the global database.
func (s *Service) Token(ctx context.Context, form url.Values) (tokens.Grant, error) {
	if err := checkClientParameters(form); err != nil {
		return tokens.Grant{}, err
	}
	if problem := s.checkTarget(form, false); problem != nil {
		return tokens.Grant{}, problem
	}
	if problem := checkScope(form); problem != nil {
		return tokens.Grant{}, problem
	}
	switch form.Get("grant_type") {
	case grantCode:
		return s.exchange(ctx, form)
	case grantRefresh:
		return s.refresh(ctx, form)
	}
	return tokens.Grant{}, &Error{codeUnsupported, "grant_type must be authorization_code or refresh_token"}
}

// checkClientParameters checks that a public client has sent a form, once each parameter.
func checkClientParameters(form url.Values) error {
	switch {
	case isRepeated(form):
		return &Error{codeInvalidRequest, "a parameter is repeated"}
	case form.Get("client_secret") != "" || form.Has("client_assertion"):
		return &Error{codeInvalidClient, "clients of this server have no secret"}
	case form.Get("client_id") == "":
		return &Error{codeInvalidRequest, "client_id is missing"}
	}
	return nil
}

func (s *Service) exchange(ctx context.Context, form url.Values) (tokens.Grant, error) {
	p, reused, ok := s.codes.use(form.Get("code"))
	if reused != "" {
		return tokens.Grant{}, s.revokeReused(ctx, reused)
	}
	if !ok || form.Get("client_id") != p.clientID || form.Get("redirect_uri") != p.redirect || !verifies(form.Get("code_verifier"), p.challenge) {
		return tokens.Grant{}, errCode
	}
	grant, err := s.tokens.CreateGrant(ctx, p.userID, p.grant)
	switch {
	case errors.Is(err, tokens.ErrInvalid):
		return tokens.Grant{}, errCode
	case errors.Is(err, tokens.ErrTooMany):
		return tokens.Grant{}, &Error{codeInvalidGrant, "the user has too many assistants"}
	case err != nil:
		return tokens.Grant{}, err
	}
	if s.codes.used(p, grant.ID) {
		return tokens.Grant{}, s.revokeReused(ctx, grant.ID)
	}
	return grant, nil
}

// revokeReused revokes a grant because its code was used twice: one of the two clients isn't the person's.
func (s *Service) revokeReused(ctx context.Context, grantID string) error {
	if err := s.tokens.RevokeReused(ctx, grantID); err != nil && !errors.Is(err, tokens.ErrInvalid) {
		return err
	}
	return errCode
}

// verifies reports whether a verifier belongs to a challenge.
func verifies(verifier, challenge string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return verifierText.MatchString(verifier) &&
		subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

func (s *Service) refresh(ctx context.Context, form url.Values) (tokens.Grant, error) {
	grant, err := s.tokens.RefreshGrant(ctx, form.Get("refresh_token"), form.Get("client_id"))
	switch {
	case errors.Is(err, tokens.ErrInvalid), errors.Is(err, tokens.ErrExpired):
		return tokens.Grant{}, &Error{codeInvalidGrant, "the refresh token is not valid: it has expired, was revoked, or belongs to another client"}
	case errors.Is(err, tokens.ErrReused):
		return tokens.Grant{}, &Error{codeInvalidGrant, "the refresh token was used before, so that the access was revoked"}
	}
	return grant, err
}

// Revoke ends the grant of an access or refresh token (RFC 7009), and does nothing for other tokens. The error is an *Error,
// or one of the global database.
func (s *Service) Revoke(ctx context.Context, form url.Values) error {
	if err := checkClientParameters(form); err != nil {
		return err
	}
	if form.Get("token") == "" {
		return &Error{codeInvalidRequest, "token is missing"}
	}
	err := s.tokens.RevokeGrant(ctx, form.Get("token"), form.Get("client_id"))
	if errors.Is(err, tokens.ErrInvalid) {
		return nil
	}
	return err
}
