// Package signin makes guessing passwords and codes slow without letting anybody lock an owner out.
//
// After a wrong password, its network has to pause before the next attempt at the same account. An account with
// many wrong passwords from all networks together accepts passwords only from networks that it was used from
// before; e-mailed codes and OAuth2 still work from everywhere. Accounts are named by what the client submitted,
// so that an account that doesn't exist behaves like one that does. A new password starts without failures, whoever
// has set it: its owner, a superuser or a command in another process.
//
// A Guard is safe for concurrent use. The package must not check passwords itself or depend on HTTP.
package signin

import (
	"context"
	"fmt"
	"strings"
	"sync"
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
// restarts; with another key, all known networks are forgotten, except those that are known under the key previous, which
// may be empty.
func New(app core.App, key, previous []byte, now func() time.Time) *Guard {
	return &Guard{
		pauses:   limit.NewPauses(now),
		failures: limit.NewFailures(limit.MaxFailuresPerHour, now),
		networks: networks{app: app, key: key, previous: previous, now: now},
	}
}

// Attempt is an attempt that may be checked. Exactly one of its methods should be called when the outcome is
// known; further calls have no effect.
type Attempt struct {
	pause *limit.Attempt
	count func(failed bool) // counts the failure across networks; nil if it isn't counted
	once  sync.Once
}

// Failed records that the password or code was wrong.
func (a *Attempt) Failed() { a.finish(true, a.pause.Failed) }

// Succeeded records that the password or code was right.
func (a *Attempt) Succeeded() { a.finish(false, a.pause.Succeeded) }

// End ends an attempt that the server couldn't check.
func (a *Attempt) End() { a.finish(false, a.pause.End) }

// finish counts the failure before the next attempt from the same network begins.
func (a *Attempt) finish(failed bool, endPause func()) {
	a.once.Do(func() {
		if a.count != nil {
			a.count(failed)
		}
		endPause()
	})
}

// BeginPassword begins an attempt to sign in with a password. identity is what the client submitted, such as an
// e-mail address; record is the account that it belongs to, or nil if there is none. It waits for other attempts at
// the account from the same network, and returns a *RefusedError if a password must not be checked.
func (g *Guard) BeginPassword(ctx context.Context, collection, identity string, record *core.Record, network limit.Caller) (*Attempt, error) {
	account := passwordAccount(collection, identity, record)
	attempt, err := g.begin(ctx, account, network)
	if err != nil {
		return nil, err
	}
	if attempt.count, err = g.beginCount(ctx, account, record, network); err != nil {
		attempt.End()
		return nil, err
	}
	return attempt, nil
}

// beginCount begins to count an attempt across networks. The owner's networks are exempt from the limit.
func (g *Guard) beginCount(ctx context.Context, account string, record *core.Record, network limit.Caller) (func(failed bool), error) {
	if end, ok := g.failures.Begin(account); ok {
		return end, nil
	}
	var id string
	if record != nil {
		id = record.Id
	}
	known, err := g.networks.isKnown(ctx, id, network)
	if err != nil {
		return nil, err
	}
	if known {
		return func(failed bool) {
			if failed {
				g.failures.Add(account)
			}
		}, nil
	}
	if wait := g.failures.Wait(account); wait > 0 {
		return nil, &RefusedError{Wait: wait, UnknownNetwork: true}
	}
	return nil, &RefusedError{Wait: time.Second} // the attempts that run may still succeed
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
	return &Attempt{pause: attempt}, nil
}

// Proven records that a client in a network has proven to own an account: by signing in, or with a link that was
// sent to the account's address.
func (g *Guard) Proven(ctx context.Context, id string, network limit.Caller) error {
	return g.networks.remember(ctx, id, network)
}

// passwordAccount ignores case, because e-mail addresses that differ only in case may lead to the same account. It
// contains the token key, which changes with the password, so that guesses at the former password don't count.
func passwordAccount(collection, identity string, record *core.Record) string {
	account := collection + " " + strings.ToLower(strings.TrimSpace(identity))
	if record != nil {
		account += "\x00" + record.TokenKey()
	}
	return account
}
