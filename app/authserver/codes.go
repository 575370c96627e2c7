package authserver

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

const (
	// codeLifetime is how soon an assistant must use a code.
	codeLifetime = time.Minute
	// rememberedFor is how long a used code is known, so that a second use revokes what the first was issued.
	rememberedFor = time.Hour
	// maxCodes bounds the memory for codes. Each takes about a kilobyte, or up to five with a long client_id.
	maxCodes = 10_000
)

// codes are the codes that assistants haven't used yet, and those that they have. They are in memory only: a restart ends
// sign-ins that are under way.
type codes struct {
	now func() time.Time

	mu      sync.Mutex
	entries map[[sha256.Size]byte]*pending // by the hash of the code
}

// pending is a grant that an assistant has a code for.
type pending struct {
	userID, clientID, redirect, challenge string
	grant                                 tokens.GrantRequest

	expires  time.Time // when the code can't be used any more
	isUsed   bool
	isReused bool
	grantID  string // of the grant that the code was used for
}

func newCodes(now func() time.Time) *codes {
	return &codes{now: now, entries: map[[sha256.Size]byte]*pending{}}
}

// add returns a code for a grant, or a *RateError if there are too many.
func (c *codes) add(p *pending) (string, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	code := base64.RawURLEncoding.EncodeToString(raw)
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for key, known := range c.entries {
		isOver := now.Sub(known.expires) > 0 && !known.isUsed || now.Sub(known.expires) > rememberedFor
		if isOver || known.isUsed && len(c.entries) >= maxCodes {
			delete(c.entries, key)
		}
	}
	if len(c.entries) >= maxCodes {
		return "", &RateError{Wait: codeLifetime}
	}
	p.expires = now.Add(codeLifetime)
	c.entries[sha256.Sum256([]byte(code))] = p
	return code, nil
}

// use returns what a code was issued for, once, whether that succeeds or not. After a second use it returns the grant to
// revoke, if there is one yet; otherwise used does.
func (c *codes) use(code string) (p *pending, reusedGrant string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, known := c.entries[sha256.Sum256([]byte(code))]
	switch {
	case !known || !p.isUsed && c.now().After(p.expires):
		return nil, "", false
	case p.isUsed:
		p.isReused = true
		return nil, p.grantID, false
	}
	p.isUsed = true
	return p, "", true
}

// used records the grant that a code was used for. It returns whether the code was used again in the meantime.
func (c *codes) used(p *pending, grantID string) (isReused bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p.grantID = grantID
	return p.isReused
}
