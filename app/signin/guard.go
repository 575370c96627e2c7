// Package signin makes guessing passwords and codes slow without letting anybody lock an owner out.
//
// After a wrong password, its network has to pause before the next attempt at the same account. An account with
// many wrong passwords from all networks together accepts passwords only from networks that it was used from
// before; e-mailed codes and OAuth2 still work from everywhere. Accounts are named by what the client submitted,
// so that an account that doesn't exist behaves like one that does.
//
// A Guard is safe for concurrent use. The package must not check passwords itself or depend on HTTP.
package signin

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

// RefusedError means that an attempt must not be checked.
type RefusedError struct {
	Wait time.Duration // until the attempt may be repeated
	// UnknownNetwork means that the account has too many wrong passwords and wasn't used from this network before.
	UnknownNetwork bool
}

// Error returns the reason without naming the account.
func (e *RefusedError) Error() string {
	if e.UnknownNetwork {
		return "account has too many failed sign-ins, and the network is unknown"
	}
	return fmt.Sprintf("sign-in is paused for %s after a failure", e.Wait)
}

// Guard decides which attempts to sign in may be checked.
type Guard struct {
	pauses   *limit.Pauses
	failures *limit.Failures
	networks networks
}

// New returns a Guard that remembers known networks in the global database. The key must stay the same across
// restarts; with another key, all known networks are forgotten.
func New(app core.App, key []byte, now func() time.Time) *Guard {
	return &Guard{
		pauses:   limit.NewPauses(now),
		failures: limit.NewFailures(limit.MaxFailuresPerHour, now),
		networks: networks{app: app, key: key, now: now},
	}
}

// Attempt is an attempt that may be checked. Exactly one of its methods should be called when the outcome is
// known; further calls have no effect.
type Attempt struct {
	*limit.Attempt
	guard   *Guard
	account string // empty if its failures aren't counted across networks
}

// Failed records that the password or code was wrong.
func (a *Attempt) Failed() {
	a.Attempt.Failed()
	if a.account != "" {
		a.guard.failures.Add(a.account)
	}
}

// BeginPassword begins an attempt to sign in with a password. identity is what the client submitted, such as an
// e-mail address; id is the account that it belongs to, or empty if there is none. It waits for other attempts at
// the account from the same network, and returns a *RefusedError if a password must not be checked.
func (g *Guard) BeginPassword(ctx context.Context, collection, identity, id string, network limit.Caller) (*Attempt, error) {
	account := passwordAccount(collection, identity)
	if wait := g.failures.Wait(account); wait > 0 {
		known, err := g.networks.isKnown(ctx, id, network)
		if err != nil {
			return nil, err
		}
		if !known {
			return nil, &RefusedError{Wait: wait, UnknownNetwork: true}
		}
	}
	attempt, err := g.begin(ctx, account, network)
	if err != nil {
		return nil, err
	}
	attempt.account = account
	return attempt, nil
}

// BeginCode is BeginPassword for an e-mailed code. Codes expire after minutes, so they need no limit across
// networks, which would lock owners out.
func (g *Guard) BeginCode(ctx context.Context, account string, network limit.Caller) (*Attempt, error) {
	return g.begin(ctx, "code "+account, network)
}

func (g *Guard) begin(ctx context.Context, account string, network limit.Caller) (*Attempt, error) {
	attempt, wait, err := g.pauses.Begin(ctx, account, network)
	if err != nil {
		return nil, err
	}
	if attempt == nil {
		return nil, &RefusedError{Wait: wait}
	}
	return &Attempt{Attempt: attempt, guard: g}, nil
}

// Proven records that a client in a network has proven to own an account: by signing in, or with a link that was
// sent to the account's address.
func (g *Guard) Proven(ctx context.Context, id string, network limit.Caller) error {
	return g.networks.remember(ctx, id, network)
}

// ForgetPause lets a network try the account's password at once, after it has been set anew.
func (g *Guard) ForgetPause(collection, identity string, network limit.Caller) {
	g.pauses.Forget(passwordAccount(collection, identity), network)
}

// passwordAccount ignores case, because e-mail addresses that differ only in case may lead to the same account.
func passwordAccount(collection, identity string) string {
	return collection + " " + strings.ToLower(strings.TrimSpace(identity))
}
