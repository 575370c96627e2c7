package fathom

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

const redacted = "[redacted]"

// keyHash is the SHA-256 of an API key: what budgets are kept by.
type keyHash [sha256.Size]byte

// Account is one API key's view of Fathom. Keys belong to a user and see what
// that user may view (https://developers.fathom.ai/api-reference). It is cheap:
// make one per job. Safe for concurrent use.
type Account struct {
	client *Client
	key    string
	hash   keyHash
}

// Account returns the view of one API key. Nothing is sent or checked; use
// [Account.Check] for that.
func (c *Client) Account(apiKey string) *Account {
	key := strings.TrimSpace(apiKey)
	return &Account{client: c, key: key, hash: sha256.Sum256([]byte(key))}
}

// Check asks Fathom whether the key is good. Fathom has no "who am I", so it
// lists the first meetings. Nil, or *[Error]: KindUnauthorized says the key is
// wrong or revoked, other kinds say nothing about the key.
func (a *Account) Check(ctx context.Context) error {
	var page Page[struct{}]
	return a.do(ctx, call{op: "check key", method: "GET", path: "/meetings", limit: largeBody}, &page)
}

// Format prints no key, whatever the verb.
func (a *Account) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.String()) }

// String prints no key.
func (a *Account) String() string { return "fathom account " + redacted }

// LogValue prints no key.
func (a *Account) LogValue() slog.Value { return slog.StringValue(a.String()) }

// usableKey tells a key that can be sent in a header from a pasted mishap, which
// net/http would refuse with what looks like a network error.
func (a *Account) usableKey() bool {
	if a.key == "" {
		return false
	}
	for _, r := range a.key {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return true
}

// admit waits until the budgets of the call have room. A wait that is longer than
// a full window, or than the caller has time, is an error to be rescheduled.
func (a *Account) admit(ctx context.Context, c call) error {
	client := a.client
	b := client.budget(a.hash)
	at, wait := b.reserve(client.now(), c.buckets()...)
	if wait <= 0 {
		return nil
	}

	deadline, bounded := ctx.Deadline()
	if wait > max(client.retryFor, windowLength) || (bounded && time.Until(deadline) < wait) {
		b.release(at, c.buckets()...)
		return &Error{Op: c.op, Kind: KindRateLimited, RetryAfter: wait}
	}
	client.log.DebugContext(ctx, "wait for the fathom rate budget", "op", c.op, "wait", wait)
	if err := client.sleep(ctx, wait); err != nil {
		b.release(at, c.buckets()...)
		return fmt.Errorf("%s: %w", c.op, err)
	}
	return nil
}
