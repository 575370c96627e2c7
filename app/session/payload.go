package session

import (
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// payload is the token's JSON. Its types are narrower than the standard's: an
// audience that is a list, or a time that is not a whole number, does not decode.
// There is no "type" claim: the PocketBase SDK takes type=auth for its own.
type payload struct {
	Issuer      string `json:"iss"`
	Subject     string `json:"sub"`
	Audience    string `json:"aud"`
	Expires     int64  `json:"exp"`
	Issued      int64  `json:"iat"`
	NotBefore   int64  `json:"nbf"`
	Fingerprint string `json:"fp"`
	ID          string `json:"jti"`
}

var _ jwt.Claims = (*payload)(nil)

// The getters are what jwt.Claims asks for; Verify checks the fields itself.

func (p *payload) GetExpirationTime() (*jwt.NumericDate, error) { return date(p.Expires), nil }
func (p *payload) GetIssuedAt() (*jwt.NumericDate, error)       { return date(p.Issued), nil }
func (p *payload) GetNotBefore() (*jwt.NumericDate, error)      { return date(p.NotBefore), nil }
func (p *payload) GetIssuer() (string, error)                   { return p.Issuer, nil }
func (p *payload) GetSubject() (string, error)                  { return p.Subject, nil }

func (p *payload) GetAudience() (jwt.ClaimStrings, error) {
	return jwt.ClaimStrings{p.Audience}, nil
}

func date(seconds int64) *jwt.NumericDate { return jwt.NewNumericDate(time.Unix(seconds, 0)) }
