// Package vault encrypts the credentials that users store: each user database has a random data key
// for AES-256-GCM, and the master key wraps the data keys (envelope encryption).
//
// A person who can read a database, a backup or the disk, but not the environment, learns no
// credential. A person who can write there cannot change a credential, move it to another record,
// field or user, or replace one user's data key with another's, because the location of every value
// is authenticated. The vault does not protect against reading the memory of the process or
// AES_MASTER_KEY, against restoring an older value of a field or deleting it, or against learning the
// length of a value. Nonces are random and 96 bits long, which limits a data key to 2^32 values, far
// more than one user stores. Without the master key, all credentials are lost. A rotation rewraps the
// data keys and leaves the values unchanged.
//
// Vault and DataKey are immutable and safe for concurrent use. The package must not log, and must not
// keep anything but keys in memory.
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

// KeySize is the length of master keys and data keys in bytes.
const KeySize = 32

const (
	keyIDLength = 8 // four bytes in hex
	keyIDDomain = "fathom-to-loom/vault/key-id/v1"
	wrapDomain  = "fathom-to-loom/vault/data-key/v1"
)

var (
	// ErrKeyUnknown means that a data key was wrapped by a master key that the vault does not have.
	ErrKeyUnknown = errors.New("data key was encrypted with another AES_MASTER_KEY")
	// ErrCorrupt means that a value is not authentic: it was changed or truncated, belongs to another
	// location, or was sealed with another key.
	ErrCorrupt = errors.New("value is corrupt or belongs to another location")
	// ErrInput means that a name is empty or too long, or that a value is too large.
	ErrInput = errors.New("value cannot be sealed")
)

// Vault wraps and unwraps data keys.
type Vault struct {
	current string
	masters map[string]cipher.AEAD // by key id
}

// New returns a vault that wraps data keys with the master key current and unwraps them with current
// or one of previous. It returns an error unless each key has KeySize bytes.
func New(current []byte, previous ...[]byte) (*Vault, error) {
	v := &Vault{masters: make(map[string]cipher.AEAD, 1+len(previous))}
	known := make(map[string]string, 1+len(previous))
	for i, key := range append([][]byte{current}, previous...) {
		aead, err := newAEAD(key)
		if err != nil {
			return nil, fmt.Errorf("create vault: master key %d: %w", i+1, err)
		}
		id := keyID(key)
		if other, taken := known[id]; taken && other != string(key) {
			// The chance is one in four billion; an error is better than the wrong key.
			return nil, fmt.Errorf("create vault: master key %d: another key has the same id %s", i+1, id)
		}
		known[id] = string(key)
		v.masters[id] = aead
		if i == 0 {
			v.current = id
		}
	}
	return v, nil
}

// MasterKeyPrefix is the number of bytes at the start of a wrapped data key that identify the master key.
const MasterKeyPrefix = len(version) + keyIDLength

// HasMasterKeyOf reports whether the vault has the master key that wrapped a data key. It decrypts nothing. A
// malformed text names no master key, so the result is true; Unwrap reports the fault.
func (v *Vault) HasMasterKeyOf(wrapped string) bool {
	rest, ok := strings.CutPrefix(wrapped, version)
	id, _, cut := strings.Cut(rest, ".")
	if !ok || !cut || !isKeyID(id) {
		return true
	}
	_, ok = v.masters[id]
	return ok
}

// IsCurrent reports whether the current master key wrapped a data key. It decrypts nothing. A malformed text counts as
// wrapped by another key, so that Rewrap reports the fault.
func (v *Vault) IsCurrent(wrapped string) bool {
	return strings.HasPrefix(wrapped, version+v.current+".")
}

// KeyID returns the id of the current master key, which reveals nothing about the key.
func (v *Vault) KeyID() string { return v.current }

// NewDataKey generates the data key of a user database and returns it both ready for use and wrapped
// for storage. The error is ErrInput if the name of the database is empty or too long.
func (v *Vault) NewDataKey(database string) (key *DataKey, wrapped string, err error) {
	raw := make([]byte, KeySize)
	rand.Read(raw) // never returns an error
	defer clear(raw)
	wrapped, err = v.wrap(database, raw)
	if err != nil {
		return nil, "", fmt.Errorf("generate data key: %w", err)
	}
	key, err = newDataKey(raw)
	if err != nil {
		return nil, "", fmt.Errorf("generate data key: %w", err)
	}
	return key, wrapped, nil
}

// Unwrap returns the data key of a user database. The error is ErrKeyUnknown or ErrCorrupt.
func (v *Vault) Unwrap(database, wrapped string) (*DataKey, error) {
	raw, _, err := v.unwrap(database, wrapped)
	if err != nil {
		return nil, fmt.Errorf("unwrap data key: %w", err)
	}
	defer clear(raw)
	return newDataKey(raw)
}

// Rewrap wraps a data key with the current master key and reports whether the text changed. A text
// that is already wrapped with that key is authenticated and returned unchanged. The error is
// ErrKeyUnknown or ErrCorrupt.
func (v *Vault) Rewrap(database, wrapped string) (rewrapped string, changed bool, err error) {
	raw, id, err := v.unwrap(database, wrapped)
	if err != nil {
		return "", false, fmt.Errorf("rewrap data key: %w", err)
	}
	defer clear(raw)
	if id == v.current {
		return wrapped, false, nil
	}
	rewrapped, err = v.wrap(database, raw)
	if err != nil {
		return "", false, fmt.Errorf("rewrap data key: %w", err)
	}
	return rewrapped, true, nil
}

func (v *Vault) wrap(database string, raw []byte) (string, error) {
	location, err := associatedData(wrapDomain, v.current, database)
	if err != nil {
		return "", err
	}
	sealed := v.masters[v.current].Seal(nil, nil, raw, location)
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
		return nil, "", fmt.Errorf("%w: id %s", ErrKeyUnknown, id)
	}
	location, err := associatedData(wrapDomain, id, database)
	if err != nil {
		return nil, "", ErrCorrupt
	}
	raw, err = openText(master, body, location)
	if err != nil {
		return nil, "", err
	}
	return raw, id, nil
}

// newAEAD returns AES-256-GCM that prefixes each ciphertext with a random nonce.
func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("key has %d bytes instead of %d", len(key), KeySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// keyID returns the first bytes of a hash of the key. The prefix separates it from other hashes of the
// key.
func keyID(key []byte) string {
	sum := sha256.Sum256(append([]byte(keyIDDomain), key...))
	return hex.EncodeToString(sum[:keyIDLength/2])
}

func isKeyID(s string) bool {
	return len(s) == keyIDLength && strings.Trim(s, "0123456789abcdef") == ""
}
