package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"filippo.io/age"
)

// Keys encrypt and decrypt backups. They must be created with ParseKeys.
type Keys struct {
	identities  []age.Identity // empty: this process can't decrypt backups
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
