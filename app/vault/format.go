package vault

import (
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"fmt"
)

const (
	version  = "v1."
	overhead = 12 + 16 // nonce and tag
	maxPart  = 255     // bytes in a name or a part of a Location
)

// encoding is strict, so that the unused bits of the last character count.
var encoding = base64.RawURLEncoding.Strict()

// associate joins parts into associated data. Each has its length in front, so
// that no two lists of parts give the same bytes; the domain keeps the uses of a
// key apart.
func associate(domain string, parts ...string) ([]byte, error) {
	out := appendPart(nil, domain)
	for _, part := range parts {
		if part == "" || len(part) > maxPart {
			return nil, fmt.Errorf("%w: a name has %d bytes, not 1 to %d", ErrInput, len(part), maxPart)
		}
		out = appendPart(out, part)
	}
	return out, nil
}

func appendPart(out []byte, part string) []byte {
	return append(binary.BigEndian.AppendUint32(out, uint32(len(part))), part...)
}

// openText decodes and decrypts; anything wrong is ErrCorrupt, without a reason
// somebody could learn from.
func openText(aead cipher.AEAD, body string, place []byte) ([]byte, error) {
	if len(body) < encoding.EncodedLen(overhead) || len(body) > encoding.EncodedLen(MaxPlaintext+overhead) {
		return nil, ErrCorrupt
	}
	raw, err := encoding.DecodeString(body)
	// The decoder skips line breaks, even when strict: only text of exactly the
	// encoded length is what Seal wrote.
	if err != nil || encoding.EncodedLen(len(raw)) != len(body) {
		return nil, ErrCorrupt
	}
	plaintext, err := aead.Open(nil, nil, raw, place)
	if err != nil {
		return nil, ErrCorrupt
	}
	return plaintext, nil
}
