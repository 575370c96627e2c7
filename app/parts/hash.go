package parts

import (
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
)

var errHash = errors.New("not the state of a SHA-256 of these bytes")

// ParseHash returns the SHA-256 that continues behind a number of bytes. state is that of a Part, perhaps one of another
// process or another version of Go.
func ParseHash(state []byte, size int64) (hash.Hash, error) {
	h := sha256.New()
	if h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state) != nil || len(state) < 8 {
		return nil, errHash
	}
	if binary.BigEndian.Uint64(state[len(state)-8:]) != uint64(size) { // the state ends with the number of bytes
		return nil, errHash
	}
	return h, nil
}

// Sum returns the checksum of all bytes so far, in hex.
func Sum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }
