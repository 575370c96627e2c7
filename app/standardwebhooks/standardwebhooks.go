// Package standardwebhooks signs webhooks and verifies their signatures, as described at
// https://www.standardwebhooks.com. It must not depend on who sends them. Everything in it is safe for concurrent use.
package standardwebhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// Prefix begins the text of a secret.
	Prefix = "whsec_"

	// MinSecret and MaxSecret are how many bytes a secret may have.
	MinSecret = 24
	MaxSecret = 64

	// Tolerance is how far the time of a message may differ from that of its receiver.
	Tolerance = 5 * time.Minute

	maxSignatures = 10
)

// The names of the headers.
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// ErrSecret means that a text is not a secret.
var ErrSecret = errors.New("not a webhook secret: whsec_ and 24 to 64 bytes in base64")

// Errors of Verify.
var (
	ErrHeaders   = errors.New("webhook headers are missing or malformed")
	ErrTimestamp = errors.New("webhook is too old or too new")
	ErrSignature = errors.New("webhook signature doesn't match")
)

// Secret is the key that a sender and a receiver share. Its zero value signs nothing and matches nothing.
type Secret struct{ key []byte }

// ParseSecret reads the text of a secret. It returns ErrSecret if the text is malformed.
func ParseSecret(text string) (Secret, error) {
	encoded, ok := strings.CutPrefix(text, Prefix)
	if !ok {
		return Secret{}, ErrSecret
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(key) < MinSecret || len(key) > MaxSecret {
		return Secret{}, ErrSecret
	}
	return Secret{key}, nil
}

// String hides the secret.
func (Secret) String() string { return "[redacted]" }

// GoString hides the secret.
func (Secret) GoString() string { return "[redacted]" }

// Sign returns the headers of a message. id identifies the message in all attempts to deliver it; at is the time of
// this attempt.
func Sign(secret Secret, id string, at time.Time, body []byte) http.Header {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	header := http.Header{}
	header.Set(HeaderID, id)
	header.Set(HeaderTimestamp, timestamp)
	header.Set(HeaderSignature, "v1,"+base64.StdEncoding.EncodeToString(secret.mac(id, timestamp, body)))
	return header
}

func (s Secret) mac(id, timestamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

// Verify checks that a holder of one of the secrets has signed a message recently. It returns the id of the message,
// which receivers should accept only once, or one of the errors above. Headers that begin with svix- are accepted as
// well.
func Verify(secrets []Secret, header http.Header, body []byte, now time.Time) (id string, err error) {
	get := func(name string) string {
		if value := header.Get(name); value != "" {
			return value
		}
		return header.Get("svix-" + strings.TrimPrefix(name, "webhook-"))
	}
	id, timestamp, signatures := get(HeaderID), get(HeaderTimestamp), get(HeaderSignature)
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if id == "" || len(id) > 256 || signatures == "" || err != nil {
		return "", ErrHeaders
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > Tolerance {
		return "", ErrTimestamp
	}
	for i, signature := range strings.Fields(signatures) {
		encoded, ok := strings.CutPrefix(signature, "v1,")
		if i >= maxSignatures || !ok {
			continue
		}
		got, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			continue
		}
		for _, secret := range secrets {
			if len(secret.key) >= minReceived && hmac.Equal(got, secret.mac(id, timestamp, body)) {
				return id, nil
			}
		}
	}
	return "", ErrSignature
}
