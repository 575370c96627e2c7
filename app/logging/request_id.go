package logging

import (
	"crypto/rand"
	"strings"
)

const (
	minRequestID = 8
	maxRequestID = 64
)

// NewRequestID returns a new id of a request.
func NewRequestID() string { return strings.ToLower(rand.Text()[:16]) }

// IsRequestID reports whether a text has the form of a request's id: 8 to 64 ASCII letters, digits and - _ . only, so
// that it can't forge a line or attribute.
func IsRequestID(text string) bool {
	if len(text) < minRequestID || len(text) > maxRequestID {
		return false
	}
	for _, c := range []byte(text) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}
