package authserver

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// errSeal means that a text was not sealed by this server for this purpose.
var errSeal = errors.New("text was not issued by this server")

// sealer signs values that others keep for this server. They can be read, but not changed.
type sealer struct {
	key, previous []byte // previous is nil unless the secret was rotated
}

func newSealer(purpose string, secret, previous []byte) (s sealer, err error) {
	info := "fathom-to-loom/authserver/" + purpose + "/v1"
	if s.key, err = hkdf.Key(sha256.New, secret, nil, info, sha256.Size); err == nil && len(previous) > 0 {
		s.previous, err = hkdf.Key(sha256.New, previous, nil, info, sha256.Size)
	}
	if err != nil {
		return sealer{}, fmt.Errorf("derive key for %s of assistants: %w", purpose, err)
	}
	return s, nil
}

// seal returns a value as text for URLs.
func (s sealer) seal(value any) (string, error) {
	payload, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("encode value: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(append(mac(s.key, payload), payload...)), nil
}

// open decodes what seal returned, or returns errSeal.
func (s sealer) open(text string, value any) error {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(sealed) < sha256.Size || strings.ContainsAny(text, "\r\n") { // which the decoder ignores
		return errSeal
	}
	sum, payload := sealed[:sha256.Size], sealed[sha256.Size:]
	isValid := hmac.Equal(sum, mac(s.key, payload)) || s.previous != nil && hmac.Equal(sum, mac(s.previous, payload))
	if !isValid || json.Unmarshal(payload, value) != nil {
		return errSeal
	}
	return nil
}

func mac(key, payload []byte) []byte {
	sum := hmac.New(sha256.New, key)
	sum.Write(payload)
	return sum.Sum(nil)
}
