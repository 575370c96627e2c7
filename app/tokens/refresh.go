package tokens

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// A refresh token is RefreshPrefix, 128 random bits that all refresh tokens of a grant share, 256 random bits of its own and
// the CRC-32 of everything before it. The shared part, which is as secret as the rest, tells a token that was replaced
// from one that never existed.
const (
	RefreshPrefix = redact.RefreshPrefix

	familyBytes   = 16
	familyLength  = 22 // 62^22 > 2^128
	refreshLength = len(RefreshPrefix) + familyLength + randomLength + checksumLength
)

// newFamily returns what the refresh tokens of a new grant share.
func newFamily() (string, error) { return randomText(familyBytes, familyLength) }

func newRefresh(family string) (Secret, error) {
	own, err := randomText(randomBytes, randomLength)
	if err != nil {
		return Secret{}, err
	}
	text := RefreshPrefix + family + own
	return Secret{text: text + checksum(text)}, nil
}

// parseRefresh returns the part of a refresh token that its grant shares, and false if the text isn't in the format of one.
func parseRefresh(text string) (family string, ok bool) {
	if len(text) != refreshLength || !strings.HasPrefix(text, RefreshPrefix) || !isChecked(text, len(RefreshPrefix)) {
		return "", false
	}
	return text[len(RefreshPrefix) : len(RefreshPrefix)+familyLength], true
}

// isChecked reports whether a text is in base 62 from an index on, and ends with its checksum.
func isChecked(text string, from int) bool {
	for i := from; i < len(text); i++ {
		if strings.IndexByte(alphabet, text[i]) < 0 {
			return false
		}
	}
	end := len(text) - checksumLength
	return checksum(text[:end]) == text[end:]
}

// randomText returns a number of random bytes in base 62.
func randomText(bytes, length int) (string, error) {
	raw := make([]byte, bytes)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	return base62(new(big.Int).SetBytes(raw), length), nil
}
