// Package session issues and verifies signed tokens, each of which opens one user database. It must
// not access storage or HTTP, or depend on anything about users except their ids and credentials.
//
// A token is a JWT (HS256) for exactly one database. It cannot be used as a PocketBase auth token,
// nor the reverse: the keys are derived separately, the typ header differs, and PocketBase's type
// claim is absent. A token becomes invalid when it expires or when its fingerprint no longer matches
// the user's credential: a text that changes when the tokens of the user, or of all users, are revoked.
// The caller checks the fingerprint with Matches and the current credential.
//
// An Issuer is immutable and safe for concurrent use.
package session

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// MinSecret is the minimum length of the secret in bytes.
	MinSecret = 64

	issuer    = "fathom-to-loom"
	tokenType = "user-db+jwt"

	signInfo        = "fathom-to-loom/session/sign/v1"
	fingerprintInfo = "fathom-to-loom/session/fingerprint/v1"
)

// identifier restricts user ids and database names to characters whose base64url contains no - or _.
// The PocketBase SDK decodes the payload with atob, which rejects both.
var identifier = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,255}$`)

// Issuer issues and verifies sessions.
type Issuer struct {
	signKey        []byte
	fingerprintKey []byte
	ttl            time.Duration
	now            func() time.Time
	parser         *jwt.Parser
	previous       *Issuer // verifies what was signed before a rotation; nil if there was none
}

// Claims are the contents of a verified token.
type Claims struct {
	UserID      string    // the id of the global user
	Database    string    // the name of the database that the token opens
	ExpiresAt   time.Time // in UTC and whole seconds
	Fingerprint string    // derived from the user's credential; see Matches
	ID          string    // unique per token

	isPrevious bool // the previous secret signed the token
}

// NewIssuer returns an Issuer whose keys are derived from secret, which must have at least MinSecret
// bytes. Sessions last for ttl, which must be at least a second. If now is nil, time.Now is used.
func NewIssuer(secret []byte, ttl time.Duration, now func() time.Time) (*Issuer, error) {
	if len(secret) < MinSecret {
		return nil, fmt.Errorf("create session issuer: secret has %d bytes, fewer than %d", len(secret), MinSecret)
	}
	if ttl < time.Second {
		return nil, fmt.Errorf("create session issuer: lifetime %s is shorter than a second", ttl)
	}
	signKey, err := hkdf.Key(sha256.New, secret, nil, signInfo, 32)
	if err != nil {
		return nil, fmt.Errorf("create session issuer: derive signing key: %w", err)
	}
	fingerprintKey, err := hkdf.Key(sha256.New, secret, nil, fingerprintInfo, 32)
	if err != nil {
		return nil, fmt.Errorf("create session issuer: derive fingerprint key: %w", err)
	}
	if now == nil {
		now = time.Now
	}
	return &Issuer{signKey: signKey, fingerprintKey: fingerprintKey, ttl: ttl, now: now, parser: newParser(now)}, nil
}

// Accepting returns an Issuer that also verifies tokens of an Issuer with a previous secret, which must have at least
// MinSecret bytes.
func (i *Issuer) Accepting(previous []byte) (*Issuer, error) {
	former, err := NewIssuer(previous, i.ttl, i.now)
	if err != nil {
		return nil, fmt.Errorf("previous secret: %w", err)
	}
	both := *i
	both.previous = former
	return &both, nil
}

// Issue returns a token for a user's database and the time at which it expires. credential is the
// user's current one. The error is not nil if it is empty, or if a name contains characters that no
// user id or database name has.
func (i *Issuer) Issue(userID, database, credential string) (token string, expires time.Time, err error) {
	return i.IssueFor(userID, database, credential, i.ttl)
}

// IssueFor is like Issue for a token that is valid for lifetime, which may be longer than a session.
func (i *Issuer) IssueFor(userID, database, credential string, lifetime time.Duration) (token string, expires time.Time, err error) {
	if !identifier.MatchString(userID) || !identifier.MatchString(database) {
		return "", time.Time{}, errors.New("issue session: user id or database name is malformed")
	}
	if credential == "" {
		return "", time.Time{}, fmt.Errorf("issue session for %s: user has no credential", userID)
	}
	issued := i.now().UTC().Truncate(time.Second)
	expires = issued.Add(lifetime).Truncate(time.Second)

	t := jwt.NewWithClaims(jwt.SigningMethodHS256, &payload{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    issuer,
			Subject:   userID,
			IssuedAt:  jwt.NewNumericDate(issued),
			NotBefore: jwt.NewNumericDate(issued),
			ID:        rand.Text(),
		},
		Audience:    database,
		ExpiresAt:   expires.Unix(),
		Fingerprint: i.fingerprint(userID, credential),
	})
	t.Header["typ"] = tokenType
	token, err = t.SignedString(i.signKey)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("issue session for %s: %w", userID, err)
	}
	return token, expires, nil
}
