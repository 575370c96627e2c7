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
	maxToken = 4 << 10 // bytes
	// leeway tolerates a clock that was set back between Issue and Verify.
	leeway = 5 * time.Second

	fingerprintLength = 22 // 132 bits in base64url
)

var (
	// ErrInvalid means that a token was not issued by this server, was changed, or is not valid yet.
	ErrInvalid = errors.New("session is not valid")
	// ErrExpired means that a token was valid but has expired. The client can request a new one.
	ErrExpired = errors.New("session has expired")
	// ErrWrongDatabase means that a token is for another database.
	ErrWrongDatabase = errors.New("session is for another database")
)

func newParser(now func() time.Time) *jwt.Parser {
	return jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithStrictDecoding(),
		jwt.WithIssuer(issuer),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(leeway),
		jwt.WithTimeFunc(now),
	)
}

// Verify returns the claims of a token for a database. The error is ErrInvalid, ErrWrongDatabase or
// ErrExpired; if several apply, it is the first in this order, so that the client of an expired token
// for another database is not asked to renew it. The caller must also check Matches.
func (i *Issuer) Verify(token, database string) (Claims, error) {
	claims, err := i.verify(token, database)
	if i.previous != nil && errors.Is(err, ErrInvalid) {
		claims, err = i.previous.verify(token, database)
		claims.isPrevious = err == nil
	}
	return claims, err
}

func (i *Issuer) verify(token, database string) (Claims, error) {
	if len(token) > maxToken {
		return Claims{}, fmt.Errorf("verify session: %w: token is too long", ErrInvalid)
	}
	// base64 decoders skip line breaks, which would give a token several spellings.
	if strings.ContainsAny(token, "\r\n") {
		return Claims{}, fmt.Errorf("verify session: %w: token contains a line break", ErrInvalid)
	}
	var p payload
	// The parser's error may quote the token, so it is not included.
	if _, err := i.parser.ParseWithClaims(token, &p, i.keyFor); err != nil {
		return Claims{}, fmt.Errorf("verify session: %w", ErrInvalid)
	}
	switch {
	case p.Audience != database:
		return Claims{}, fmt.Errorf("verify session: %w", ErrWrongDatabase)
	case p.ExpiresAt <= i.now().Unix():
		return Claims{}, fmt.Errorf("verify session: %w", ErrExpired)
	}
	return Claims{
		UserID:      p.Subject,
		Database:    p.Audience,
		ExpiresAt:   time.Unix(p.ExpiresAt, 0).UTC(),
		Fingerprint: p.Fingerprint,
		ID:          p.ID,
	}, nil
}

// Matches reports whether claims belong to the user with this credential. It is false once the
// credential has changed. The comparison takes constant time.
func (i *Issuer) Matches(claims Claims, credential string) bool {
	if credential == "" || claims.UserID == "" {
		return false
	}
	if claims.isPrevious && i.previous != nil {
		i = i.previous
	}
	return hmac.Equal([]byte(claims.Fingerprint), []byte(i.fingerprint(claims.UserID, credential)))
}

// keyFor returns the signing key only for tokens of this package's type. A token of another type is
// rejected even if it was accidentally signed with the same key.
func (i *Issuer) keyFor(t *jwt.Token) (any, error) {
	if t.Header["typ"] != tokenType {
		return nil, ErrInvalid
	}
	return i.signKey, nil
}

func (i *Issuer) fingerprint(userID, credential string) string {
	mac := hmac.New(sha256.New, i.fingerprintKey)
	mac.Write([]byte(userID))
	mac.Write([]byte{0}) // user ids contain no zero byte, so the boundary is unambiguous
	mac.Write([]byte(credential))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))[:fingerprintLength]
}
