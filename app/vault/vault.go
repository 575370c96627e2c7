// Package vault encrypts the credentials people store with us: AES-256-GCM with
// a data key of its own for every user database, and each data key wrapped by
// the master key (envelope encryption).
//
// What it protects against: somebody who reads a database, a backup or the disk
// but not the environment learns no credential; somebody who can write there
// cannot change one, move it to another record, field or user, or put one user's
// data key in place of another's, because the place is authenticated with it.
// What it does not: a reader of the process memory or of AES_MASTER_KEY sees
// everything; a writer can put back an older value of the same field, or delete
// it; the length of a secret shows. A random 96-bit nonce bounds a data key to
// 2^32 seals, far beyond one person's credentials. Losing the master key loses
// every credential. Rotation rewraps the data keys and leaves values alone.
//
// Vault and DataKey never change after they are made and are safe for concurrent
// use. The package must not log, and keeps nothing but keys in memory.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// KeySize is the length of a master key and of a data key in bytes.
const KeySize = 32

const (
	keyIDLength = 8 // four bytes in hex
	keyIDDomain = "fathom-to-loom/vault/key-id/v1"
	wrapDomain  = "fathom-to-loom/vault/data-key/v1"
)

var (
	// ErrKeyUnknown says that no master key at hand wrapped this data key.
	ErrKeyUnknown = errors.New("wrapped by a master key that is not configured")
	// ErrCorrupt says that a value does not authenticate: it was changed, cut
	// short, belongs to another place, or was made with another key.
	ErrCorrupt = errors.New("corrupt or not from here")
	// ErrInput says that a name is empty or too long, or a value too large.
	ErrInput = errors.New("not sealable")
)

// Vault wraps data keys under master keys.
type Vault struct {
	current string
	masters map[string]cipher.AEAD // by key id
}

// New makes a vault that wraps under current and can still unwrap what any of
// previous wrapped. Keys have 32 bytes.
func New(current []byte, previous ...[]byte) (*Vault, error) {
	v := &Vault{masters: make(map[string]cipher.AEAD, 1+len(previous))}
	known := make(map[string]string, 1+len(previous))
	for i, key := range append([][]byte{current}, previous...) {
		aead, err := newAEAD(key)
		if err != nil {
			return nil, fmt.Errorf("master key %d: %w", i+1, err)
		}
		id := keyID(key)
		if other, taken := known[id]; taken && other != string(key) {
			// One in four thousand million; refusing beats guessing which.
			return nil, fmt.Errorf("master key %d: another one has the same id %s", i+1, id)
		}
		known[id] = string(key)
		v.masters[id] = aead
		if i == 0 {
			v.current = id
		}
	}
	return v, nil
}

// KeyID names the current master key. It tells nothing about the key.
func (v *Vault) KeyID() string { return v.current }

// NewDataKey makes a data key for a user database and returns it twice: ready to
// use, and wrapped for the registry. The error is ErrInput for a bad name.
func (v *Vault) NewDataKey(database string) (key *DataKey, wrapped string, err error) {
	raw := make([]byte, KeySize)
	rand.Read(raw) // never fails: the runtime ends the program instead
	defer clear(raw)
	wrapped, err = v.wrap(database, raw)
	if err != nil {
		return nil, "", fmt.Errorf("new data key: %w", err)
	}
	key, err = newDataKey(raw)
	if err != nil {
		return nil, "", fmt.Errorf("new data key: %w", err)
	}
	return key, wrapped, nil
}

// Unwrap opens the data key of a user database. The error is ErrKeyUnknown or
// ErrCorrupt.
func (v *Vault) Unwrap(database, wrapped string) (*DataKey, error) {
	raw, _, err := v.unwrap(database, wrapped)
	if err != nil {
		return nil, fmt.Errorf("unwrap data key: %w", err)
	}
	defer clear(raw)
	return newDataKey(raw)
}

// Rewrap wraps a data key under the current master key. It returns false and the
// same text when it is already; the text is authenticated in either case. The
// error is ErrKeyUnknown or ErrCorrupt.
func (v *Vault) Rewrap(database, wrapped string) (string, bool, error) {
	raw, id, err := v.unwrap(database, wrapped)
	if err != nil {
		return "", false, fmt.Errorf("rewrap data key: %w", err)
	}
	defer clear(raw)
	if id == v.current {
		return wrapped, false, nil
	}
	fresh, err := v.wrap(database, raw)
	if err != nil {
		return "", false, fmt.Errorf("rewrap data key: %w", err)
	}
	return fresh, true, nil
}

func (v *Vault) wrap(database string, raw []byte) (string, error) {
	place, err := associate(wrapDomain, v.current, database)
	if err != nil {
		return "", err
	}
	sealed := v.masters[v.current].Seal(nil, nil, raw, place)
	return version + v.current + "." + encoding.EncodeToString(sealed), nil
}

func (v *Vault) unwrap(database, wrapped string) (raw []byte, id string, err error) {
	rest, ok := strings.CutPrefix(wrapped, version)
	if !ok {
		return nil, "", ErrCorrupt
	}
	id, body, ok := strings.Cut(rest, ".")
	if !ok || !isKeyID(id) || len(body) != encoding.EncodedLen(KeySize+overhead) {
		return nil, "", ErrCorrupt
	}
	master, ok := v.masters[id]
	if !ok {
		return nil, "", fmt.Errorf("%w: key id %s", ErrKeyUnknown, id)
	}
	place, err := associate(wrapDomain, id, database)
	if err != nil {
		return nil, "", ErrCorrupt
	}
	raw, err = openText(master, body, place)
	if err != nil {
		return nil, "", err
	}
	return raw, id, nil
}

// newAEAD is AES-256-GCM that draws a random nonce for each seal and puts it in
// front of the ciphertext.
func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("has %d bytes, not %d", len(key), KeySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// keyID hashes the key behind a prefix of its own, so that the id is no hash
// anybody else would make of it.
func keyID(key []byte) string {
	sum := sha256.Sum256(append([]byte(keyIDDomain), key...))
	return hex.EncodeToString(sum[:keyIDLength/2])
}

func isKeyID(s string) bool {
	return len(s) == keyIDLength && strings.Trim(s, "0123456789abcdef") == ""
}
