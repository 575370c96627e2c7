package share

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

// grantLifetime is how long a page that was opened with a password stays usable. A player asks for bytes as long as people
// watch, so a grant must outlast a long recording and a break: a new one would need another URL, which interrupts the
// player. It gains an attacker little, because a viewer could pass on the password as well, and every request checks that
// the link is still valid and has the same password.
const grantLifetime = 12 * time.Hour

// grants signs and verifies grants. A grant is the time at which it expires and an HMAC.
type grants struct {
	key, previous []byte // previous is nil without a rotation
}

func newGrants(secret, previous []byte) (g grants, err error) {
	const info = "fathom-to-loom/shares/grants/v1"
	if g.key, err = hkdf.Key(sha256.New, secret, nil, info, 32); err == nil && len(previous) > 0 {
		g.previous, err = hkdf.Key(sha256.New, previous, nil, info, 32)
	}
	if err != nil {
		return grants{}, fmt.Errorf("derive key of grants: %w", err)
	}
	return g, nil
}

func (g grants) sign(share *Share, expires time.Time) string {
	return strconv.FormatInt(expires.Unix(), 36) + "." + base64.RawURLEncoding.EncodeToString(grantMAC(g.key, share, expires.Unix()))
}

func (g grants) verify(share *Share, grant string, now time.Time) bool {
	number, text, _ := strings.Cut(grant, ".")
	expires, err := strconv.ParseInt(number, 36, 64)
	if err != nil || now.Unix() >= expires {
		return false
	}
	mac, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return false
	}
	return hmac.Equal(mac, grantMAC(g.key, share, expires)) ||
		g.previous != nil && hmac.Equal(mac, grantMAC(g.previous, share, expires))
}

// grantMAC binds a grant to a link and its password. Both parts have a fixed length or none that the other could imitate:
// ids of records contain no zero byte.
func grantMAC(key []byte, share *Share, expires int64) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(expires)))
	mac.Write([]byte(share.ID + "\x00" + share.password))
	return mac.Sum(nil)
}

// Unlock returns a grant for a link if the password is right. The error is ErrPassword, a *RateError or ctx.Err.
func (s *Service) Unlock(ctx context.Context, share *Share, password string, network limit.Caller) (grant string, err error) {
	if err := s.passwords.check(ctx, share, password, network); err != nil {
		return "", err
	}
	return s.grants.sign(share, s.now().Add(grantLifetime)), nil
}

// Admits reports whether a link shows something to somebody with a grant, which may be blank.
func (s *Service) Admits(share *Share, grant string) bool {
	return !share.HasPassword() || s.grants.verify(share, grant, s.now())
}
