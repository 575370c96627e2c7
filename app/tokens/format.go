package tokens

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
	"math/big"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// A token is Prefix, 256 random bits and the CRC-32 (IEEE) of everything before it, both numbers in base 62 with leading
// zeros. Scanners for secrets recognise the prefix, and tell a token from similar text with the checksum.
const (
	Prefix = redact.TokenPrefix

	randomBytes    = 32
	randomLength   = 43 // 62^43 > 2^256
	checksumLength = 6  // 62^6 > 2^32
	tokenLength    = len(Prefix) + randomLength + checksumLength

	// shownLength is how much of a token identifies it in lists: 4 of its 43 random characters.
	shownLength = len(Prefix) + 4

	alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// Secret is the text of a new token. It prints as redact.Text.
type Secret struct {
	redact.Value
	text string
}

// Reveal returns the text, which must be shown only to the owner of the token, and only once.
func (s Secret) Reveal() string { return s.text }

// hash is the SHA-256 of a token.
type hash [sha256.Size]byte

func (h hash) String() string { return hex.EncodeToString(h[:]) }

// newSecret returns the text of a new token.
func newSecret() (Secret, error) {
	random, err := randomText(randomBytes, randomLength)
	if err != nil {
		return Secret{}, err
	}
	text := Prefix + random
	return Secret{text: text + checksum(text)}, nil
}

// IsToken reports whether a text is meant to be an API token, which need not be valid.
func IsToken(text string) bool { return strings.HasPrefix(text, Prefix) }

// parse returns the hash of a token. It returns false if the text isn't in the format of a token, which costs an impostor
// no query of a database.
func parse(text string) (hash, bool) {
	if len(text) != tokenLength || !IsToken(text) || !isChecked(text, len(Prefix)) {
		return hash{}, false
	}
	return sha256.Sum256([]byte(text)), true
}

func checksum(text string) string {
	return base62(big.NewInt(int64(crc32.ChecksumIEEE([]byte(text)))), checksumLength)
}

// base62 returns a number with leading zeros up to a length.
func base62(n *big.Int, length int) string {
	digits := make([]byte, length)
	n, base, digit := new(big.Int).Set(n), big.NewInt(int64(len(alphabet))), new(big.Int)
	for i := length - 1; i >= 0; i-- {
		n.DivMod(n, base, digit)
		digits[i] = alphabet[digit.Int64()]
	}
	return string(digits)
}
