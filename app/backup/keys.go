package backup

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"filippo.io/age"
)

// Keys encrypt and decrypt backups. They must be created with ParseKeys.
type Keys struct {
	identities  []age.Identity // empty: this process can't decrypt backups
	macKeys     [][]byte       // one for each identity
	recipients  []age.Recipient
	fingerprint string // of the recipients
}

var (
	// ErrNoIdentity means that a backup can't be decrypted, because there is no BACKUP_KEY.
	ErrNoIdentity = errors.New("the backup is encrypted: set BACKUP_KEY to a key that can decrypt it")
	// ErrWrongIdentity means that BACKUP_KEY isn't one of the keys for which a backup was encrypted.
	ErrWrongIdentity = errors.New("BACKUP_KEY is not a key that can decrypt this backup: set the one that was in use when it was created")
)

// ParseKeys reads age keys. Backups are encrypted for the recipients or, if there are none, for the identity, which may be blank
// if there are recipients. The error never contains the identity.
func ParseKeys(identity string, recipients []string) (*Keys, error) {
	k := &Keys{}
	if identity != "" {
		var err error
		if k.identities, err = age.ParseIdentities(strings.NewReader(identity)); err != nil {
			return nil, errors.New("read BACKUP_KEY: it is not an age identity")
		}
		if k.macKeys, err = deriveMACKeys(k.identities); err != nil {
			return nil, err
		}
	}
	texts := slices.Clone(recipients)
	if len(texts) == 0 {
		for _, identity := range k.identities {
			switch identity := identity.(type) {
			case *age.X25519Identity:
				texts = append(texts, identity.Recipient().String())
			case *age.HybridIdentity:
				texts = append(texts, identity.Recipient().String())
			default:
				return nil, errors.New("read BACKUP_KEY: this kind of age identity has no recipient, set BACKUP_RECIPIENTS too")
			}
		}
	}
	if len(texts) == 0 {
		return k, nil
	}
	var err error
	if k.recipients, err = age.ParseRecipients(strings.NewReader(strings.Join(texts, "\n"))); err != nil {
		return nil, fmt.Errorf("read BACKUP_RECIPIENTS: %w", err)
	}
	slices.Sort(texts)
	sum := sha256.Sum256([]byte(strings.Join(texts, "\n")))
	k.fingerprint = hex.EncodeToString(sum[:8])
	return k, nil
}

// CanDecrypt reports whether there is an identity. It may still be the wrong one.
func (k *Keys) CanDecrypt() bool { return len(k.identities) > 0 }

func (k *Keys) encrypt(to io.Writer) (io.WriteCloser, error) {
	if len(k.recipients) == 0 {
		return nil, errors.New("backups are always encrypted: set BACKUP_KEY or BACKUP_RECIPIENTS")
	}
	return age.Encrypt(to, k.recipients...)
}

// decrypt returns ErrNoIdentity or ErrWrongIdentity, or an error of the reader.
func (k *Keys) decrypt(from io.Reader) (io.Reader, error) {
	if !k.CanDecrypt() {
		return nil, ErrNoIdentity
	}
	plain, err := age.Decrypt(from, k.identities...)
	if _, wrong := errors.AsType[*age.NoIdentityMatchError](err); wrong {
		return nil, ErrWrongIdentity
	}
	return plain, err
}

// deriveMACKeys returns a key for each identity that only its owner knows. Objects are encrypted for recipients, which others may know
// too, so encryption doesn't prove who wrote something.
func deriveMACKeys(identities []age.Identity) (keys [][]byte, err error) {
	for _, identity := range identities {
		secret, ok := identity.(fmt.Stringer) // all that have a text form
		if !ok {
			continue
		}
		key, err := hkdf.Key(sha256.New, []byte(secret.String()), nil, "fathom-to-loom backup index", sha256.Size)
		if err != nil {
			return nil, fmt.Errorf("derive a key from BACKUP_KEY: %w", err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// mac authenticates what is written to it, for every identity.
type mac []hash.Hash

func (k *Keys) newMAC() mac {
	var m mac
	for _, key := range k.macKeys {
		m = append(m, hmac.New(sha256.New, key))
	}
	return m
}

func (m mac) Write(p []byte) (int, error) {
	for _, h := range m {
		_, _ = h.Write(p) // never fails
	}
	return len(p), nil
}

// hex returns the code for the first identity, or "" without one.
func (m mac) hex() string {
	if len(m) == 0 {
		return ""
	}
	return hex.EncodeToString(m[0].Sum(nil))
}

// isValid reports whether a code was written with one of the identities.
func (m mac) isValid(code string) bool {
	want, err := hex.DecodeString(code)
	return err == nil && slices.ContainsFunc(m, func(h hash.Hash) bool { return hmac.Equal(h.Sum(nil), want) })
}
