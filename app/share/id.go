package share

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// The id in a link is 128 random bits in base 62, with leading zeros.
const (
	idBytes  = 16
	idLength = 22 // 62^22 > 2^128

	alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// linkID is the id in a link, which opens the page. It prints as redact.Text.
type linkID struct {
	redact.Value
	text string
}

func newLinkID() (linkID, error) {
	raw := make([]byte, idBytes)
	if _, err := rand.Read(raw); err != nil {
		return linkID{}, fmt.Errorf("read random bytes: %w", err)
	}
	digits := make([]byte, idLength)
	n, base, digit := new(big.Int).SetBytes(raw), big.NewInt(int64(len(alphabet))), new(big.Int)
	for i := idLength - 1; i >= 0; i-- {
		n.DivMod(n, base, digit)
		digits[i] = alphabet[digit.Int64()]
	}
	return linkID{text: string(digits)}, nil
}

// hash returns the SHA-256 of the id, in hex.
func (id linkID) hash() string {
	sum := sha256.Sum256([]byte(id.text))
	return hex.EncodeToString(sum[:])
}

// parseID returns false for a text that no link contains.
func parseID(text string) (linkID, bool) {
	if len(text) != idLength {
		return linkID{}, false
	}
	for i := range len(text) {
		if strings.IndexByte(alphabet, text[i]) < 0 {
			return linkID{}, false
		}
	}
	return linkID{text: text}, true
}

// url returns the link.
func (s *Service) url(id linkID) string { return s.baseURL + Path + id.text }

// sealedAt is where the id is stored. The hash, which never changes, identifies the row.
func sealedAt(database, hash string) vault.Location {
	return vault.Location{Database: database, Collection: migrations.Shares, Record: hash, Field: "link"}
}
