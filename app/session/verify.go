package session

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	maxToken = 4 << 10
	// leeway forgives a clock that was set back between Issue and Verify. It is
	// not granted at the other end: an expired token is expired.
	leeway = 5 * time.Second

	fingerprintLength = 22 // 132 bits in base64url
)

var (
	// ErrInvalid says that a token is not one of ours, or not any more.
	ErrInvalid = errors.New("session is not valid")
	// ErrExpired says that a token was ours and is over: ask for a new one.
	ErrExpired = errors.New("session has expired")
	// ErrWrongDatabase says that a token is good, but for another database.
	ErrWrongDatabase = errors.New("session is for another database")
)

// parser takes HS256 alone, whatever the header asks for, and leaves the claims
// to Verify, which must tell its three errors apart.
var parser = jwt.NewParser(
	jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
	jwt.WithStrictDecoding(),
	jwt.WithoutClaimsValidation(),
)

// Verify checks a token for a database. The error is ErrInvalid, else
// ErrWrongDatabase, else ErrExpired, in this order when several apply: so an
// expired token of another database is never answered with "renew it". A caller
// must still ask Matches.
func (i *Issuer) Verify(token, database string) (Claims, error) {
	if len(token) > maxToken {
		return Claims{}, fmt.Errorf("verify session: %w: too long", ErrInvalid)
	}
	// base64 decoders skip line breaks; a token has one spelling only.
	if strings.ContainsAny(token, "\r\n") {
		return Claims{}, fmt.Errorf("verify session: %w: malformed", ErrInvalid)
	}
	var p payload
	// The library's error may quote the token, so it is not passed on.
	if _, err := parser.ParseWithClaims(token, &p, i.key); err != nil {
		return Claims{}, fmt.Errorf("verify session: %w", ErrInvalid)
	}

	now := i.now()
	latest := now.Add(leeway).Unix()
	switch {
	case p.Issuer != issuer:
		return Claims{}, fmt.Errorf("verify session: %w: wrong issuer", ErrInvalid)
	case p.Subject == "" || p.Audience == "" || p.ID == "" || len(p.Fingerprint) != fingerprintLength:
		return Claims{}, fmt.Errorf("verify session: %w: incomplete", ErrInvalid)
	case p.Expires <= 0 || p.Issued <= 0:
		return Claims{}, fmt.Errorf("verify session: %w: without times", ErrInvalid)
	case p.Issued > latest || p.NotBefore > latest:
		return Claims{}, fmt.Errorf("verify session: %w: not yet valid", ErrInvalid)
	case p.Audience != database:
		return Claims{}, fmt.Errorf("verify session: %w", ErrWrongDatabase)
	case p.Expires <= now.Unix():
		return Claims{}, fmt.Errorf("verify session: %w", ErrExpired)
	}
	return Claims{
		UserID:      p.Subject,
		Database:    p.Audience,
		ExpiresAt:   time.Unix(p.Expires, 0).UTC(),
		Fingerprint: p.Fingerprint,
		ID:          p.ID,
	}, nil
}

// Matches reports whether a session still belongs to the user with this tokenKey:
// false once their password, e-mail address or tokenKey has changed. It takes
// constant time.
func (i *Issuer) Matches(c Claims, tokenKey string) bool {
	if tokenKey == "" || c.UserID == "" {
		return false
	}
	return hmac.Equal([]byte(c.Fingerprint), []byte(i.fingerprint(c.UserID, tokenKey)))
}

// key hands the key to the parser for our own type of token only: a token of
// another kind stays out even if it was signed with the same key by accident.
func (i *Issuer) key(t *jwt.Token) (any, error) {
	if t.Header["typ"] != tokenType {
		return nil, ErrInvalid
	}
	return i.signKey, nil
}

func (i *Issuer) fingerprint(userID, tokenKey string) string {
	mac := hmac.New(sha256.New, i.fingerprintKey)
	mac.Write([]byte(userID))
	mac.Write([]byte{0}) // no user id has one, so the two cannot shift
	mac.Write([]byte(tokenKey))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))[:fingerprintLength]
}
