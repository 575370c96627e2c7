// Package session issues and verifies the signed tokens that open one user
// database, and nothing else: no storage, no HTTP, no knowledge of users.
//
// A token is a JWT (HS256) for exactly one database. It is not a PocketBase auth
// token and neither can stand in for the other: the keys are derived apart, the
// header's typ differs, and PocketBase's type claim is absent. A token ends when
// it expires, or when its fingerprint no longer matches the user's tokenKey,
// which PocketBase changes with the password; the caller asks Matches with the
// tokenKey of the moment.
//
// An Issuer never changes after it is made and is safe for concurrent use.
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
	// MinSecret is the least number of bytes a secret has.
	MinSecret = 64

	issuer    = "fathom-to-loom"
	tokenType = "user-db+jwt"

	signInfo        = "fathom-to-loom/session/sign/v1"
	fingerprintInfo = "fathom-to-loom/session/fingerprint/v1"
)

// identifier keeps the payload plain ASCII without characters that base64url
// writes as - or _: the PocketBase SDK decodes it with atob, which knows neither.
var identifier = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,255}$`)

// Issuer makes and checks sessions.
type Issuer struct {
	signKey        []byte
	fingerprintKey []byte
	ttl            time.Duration
	now            func() time.Time
}

// Claims is what a verified token says.
type Claims struct {
	UserID      string    // the global user
	Database    string    // the one database it opens
	ExpiresAt   time.Time // UTC, whole seconds
	Fingerprint string    // binds it to the user's tokenKey; see Matches
	ID          string    // unique per token
}

// NewIssuer derives its keys from a secret of at least 64 bytes. Sessions last
// ttl, at least a second. A nil now is time.Now.
func NewIssuer(secret []byte, ttl time.Duration, now func() time.Time) (*Issuer, error) {
	if len(secret) < MinSecret {
		return nil, fmt.Errorf("new session issuer: the secret has %d bytes, not %d or more", len(secret), MinSecret)
	}
	if ttl < time.Second {
		return nil, errors.New("new session issuer: sessions must last a second or more")
	}
	signKey, err := hkdf.Key(sha256.New, secret, nil, signInfo, 32)
	if err != nil {
		return nil, fmt.Errorf("new session issuer: %w", err)
	}
	fingerprintKey, err := hkdf.Key(sha256.New, secret, nil, fingerprintInfo, 32)
	if err != nil {
		return nil, fmt.Errorf("new session issuer: %w", err)
	}
	if now == nil {
		now = time.Now
	}
	return &Issuer{signKey: signKey, fingerprintKey: fingerprintKey, ttl: ttl, now: now}, nil
}

// Issue makes a token for a user and their database. tokenKey is the one of the
// user's record in the global database.
func (i *Issuer) Issue(userID, database, tokenKey string) (token string, expires time.Time, err error) {
	return i.IssueFor(userID, database, tokenKey, i.ttl)
}

// IssueFor is Issue for a token that lasts no longer than a given time.
func (i *Issuer) IssueFor(userID, database, tokenKey string, lasts time.Duration) (token string, expires time.Time, err error) {
	if !identifier.MatchString(userID) || !identifier.MatchString(database) {
		return "", time.Time{}, errors.New("issue session: the user or database has no valid name")
	}
	if tokenKey == "" {
		return "", time.Time{}, fmt.Errorf("issue session for %s: the user has no token key", userID)
	}
	issued := i.now().UTC().Truncate(time.Second)
	expires = issued.Add(min(lasts, i.ttl)).Truncate(time.Second)

	t := jwt.NewWithClaims(jwt.SigningMethodHS256, &payload{
		Issuer:      issuer,
		Subject:     userID,
		Audience:    database,
		Expires:     expires.Unix(),
		Issued:      issued.Unix(),
		NotBefore:   issued.Unix(),
		Fingerprint: i.fingerprint(userID, tokenKey),
		ID:          rand.Text(),
	})
	t.Header["typ"] = tokenType
	token, err = t.SignedString(i.signKey)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("issue session for %s: %w", userID, err)
	}
	return token, expires, nil
}
