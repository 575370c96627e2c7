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
	maxPart  = 255     // bytes in the name of a database or in a part of a Location
)

// encoding is strict: it rejects text whose last character has unused bits set.
var encoding = base64.RawURLEncoding.Strict()

// associatedData encodes parts as the associated data of a ciphertext. The length before each part
// makes the encoding unambiguous, and the domain separates the uses of a key.
func associatedData(domain string, parts ...string) ([]byte, error) {
	out := appendPart(nil, domain)
	for _, part := range parts {
		if part == "" || len(part) > maxPart {
			return nil, fmt.Errorf("%w: name has %d bytes instead of 1 to %d", ErrInput, len(part), maxPart)
		}
		out = appendPart(out, part)
	}
	return out, nil
}

func appendPart(out []byte, part string) []byte {
	return append(binary.BigEndian.AppendUint32(out, uint32(len(part))), part...)
}

// openText decodes and decrypts a text. Every failure is ErrCorrupt, because a more specific error
// could help an attacker.
func openText(aead cipher.AEAD, body string, location []byte) ([]byte, error) {
	if len(body) < encoding.EncodedLen(overhead) || len(body) > encoding.EncodedLen(MaxPlaintext+overhead) {
		return nil, ErrCorrupt
	}
	raw, err := encoding.DecodeString(body)
	// Even a strict decoder skips line breaks, so the length is compared too.
	if err != nil || encoding.EncodedLen(len(raw)) != len(body) {
		return nil, ErrCorrupt
	}
	plaintext, err := aead.Open(nil, nil, raw, location)
	if err != nil {
		return nil, ErrCorrupt
	}
	return plaintext, nil
}
