package session

import (
	"errors"

	"github.com/golang-jwt/jwt/v5"
)

// payload is the JSON of a token. There is no "type" claim, because the PocketBase SDK interprets
// type=auth.
//
// Audience and ExpiresAt replace the embedded fields of the same name. A token has one audience and
// expires at a whole second; a list, text or fraction does not decode. The parser sees neither field:
// Verify checks both, because they have errors of their own and expiry has no leeway.
type payload struct {
	jwt.RegisteredClaims
	Audience    string `json:"aud"`
	ExpiresAt   int64  `json:"exp"`
	Fingerprint string `json:"fp"`
}

var _ jwt.ClaimsValidator = (*payload)(nil)

// Validate implements jwt.ClaimsValidator: it requires the claims that the parser treats as optional.
func (p *payload) Validate() error {
	if p.Subject == "" || p.Audience == "" || p.ID == "" || p.IssuedAt == nil || p.ExpiresAt <= 0 {
		return errors.New("claim is missing")
	}
	if len(p.Fingerprint) != fingerprintLength {
		return errors.New("fingerprint has the wrong length")
	}
	return nil
}
