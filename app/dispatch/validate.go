package dispatch

import (
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

const (
	maxPartSize     = 1 << 30 // bytes
	maxETag         = 256     // bytes
	maxHash         = 256     // bytes; the state of a SHA-256 has 108
	maxContentType  = 256     // bytes
	addressOverhead = 3       // bytes of quotes and comma in JSON
)

// total returns how many parts the file has.
func (m Move) total() int64 { return (m.Size-1)/m.PartSize + 1 }

// before returns how many bytes precede a part.
func (m Move) before(part int) int64 { return min(int64(part-1)*m.PartSize, m.Size) }

// isWhole reports whether no parts are missing.
func (m Move) isWhole() bool { return int64(m.First) == m.total()+1 && len(m.Parts) == 0 }

// validate reports what makes a move unusable, without addresses.
func (m Move) validate() error {
	switch {
	case m.Size <= 0:
		return errors.New("size is not positive")
	case m.PartSize < 1 || m.PartSize > maxPartSize:
		return errors.New("part size is out of range")
	case m.First < 1 || int64(m.First) > m.total()+1:
		return errors.New("first part is out of range")
	case len(m.Hash) == 0 != (m.First == 1):
		return errors.New("state of the checksum doesn't match the first part")
	case m.First > 1 && !isHash(m.Hash):
		return errors.New("state of the checksum is malformed")
	case m.isWhole():
		return nil
	case len(m.Parts) < 1 || len(m.Parts) > MaxParts || int64(len(m.Parts)) > m.total()-int64(m.First)+1:
		return errors.New("number of addresses is out of range")
	case !isAddress(m.Source):
		return errors.New("address of the source is blank or too long")
	case len(m.ContentType) > maxContentType:
		return errors.New("content type is too long")
	}
	for i, address := range m.Parts {
		if !isAddress(address) {
			return fmt.Errorf("address of part %d is blank or too long", m.First+i)
		}
	}
	return nil
}

// bounded returns the move with as many addresses as an offer may contain.
func (m Move) bounded() Move {
	size := maxOffer - len(m.Source) - 4<<10 // for all but the addresses of the parts
	for i, address := range m.Parts {
		size -= len(address) + addressOverhead
		if size < 0 && i > 0 {
			m.Parts = m.Parts[:i]
			break
		}
	}
	return m
}

// check reports what is wrong with a part that a mover says it has stored.
func (m Move) check(part Part) error {
	size := m.PartSize
	if int64(part.Number) == m.total() {
		size = m.Size - m.before(part.Number)
	}
	switch {
	case part.Number < m.First || part.Number >= m.First+len(m.Parts):
		return errors.New("part was not offered")
	case part.Size != size:
		return errors.New("part has the wrong size")
	case part.ETag == "" || len(part.ETag) > maxETag || strings.ContainsFunc(part.ETag, unicode.IsControl):
		return errors.New("part has an unusable ETag")
	case !isHash(part.Hash):
		return errors.New("part has a malformed state of the checksum")
	}
	return nil
}

func isAddress(s string) bool { return s != "" && len(s) <= maxAddress }

func isHash(state []byte) bool {
	_, err := sumOf(state)
	return err == nil
}

// sumOf returns the hexadecimal SHA-256 of the bytes that led to a state.
func sumOf(state []byte) (string, error) {
	if len(state) > maxHash {
		return "", errors.New("state of the checksum is too long")
	}
	hash := sha256.New()
	if err := hash.(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
		return "", errors.New("state of the checksum is malformed")
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// sanitized returns a failure that is safe to log and to store, whoever has sent it.
func (f *Failure) sanitized() *Failure {
	if f == nil || !isToken(string(f.Kind)) {
		return &Failure{Kind: KindInvalid, Detail: "mover failed without a kind"}
	}
	clean := &Failure{Kind: f.Kind}
	if f.Status >= 100 && f.Status <= 599 {
		clean.Status = f.Status
	}
	clean.Detail = sanitize.TruncateBytes(sanitize.SingleLine(redact.Message(sanitize.TruncateBytes(f.Detail, 10*maxDetail))), maxDetail)
	return clean
}
