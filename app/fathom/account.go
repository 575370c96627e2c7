package fathom

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// keyHash is the SHA-256 of an API key, the index of its budget.
type keyHash [sha256.Size]byte

// Account is one API key's view of Fathom. A key belongs to a user and gives access to what that user may
// view (https://developers.fathom.ai/api-reference). Create one Account per job. It is safe for concurrent
// use.
type Account struct {
	client *Client
	key    string
	hash   keyHash
}

// Account returns the view of one API key. It neither sends nor validates the key; call
// [Account.Check] for that.
func (c *Client) Account(apiKey string) *Account {
	key := strings.TrimSpace(apiKey)
	return &Account{client: c, key: key, hash: sha256.Sum256([]byte(key))}
}

// Check asks Fathom whether the key is valid. Fathom has no endpoint for that, so it lists the first
// meetings, of which it reads only the status. The error is an *[Error]: KindUnauthorized means that the key
// is wrong or revoked; other kinds say nothing about the key.
func (a *Account) Check(ctx context.Context) error {
	return a.send(ctx, call{op: "check key", method: "GET", path: "/meetings", patient: true}, nil)
}

// Format prints no key, whatever the verb.
func (a *Account) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.String()) }

// String prints no key.
func (a *Account) String() string { return "fathom account " + redact.Text }

// LogValue prints no key.
func (a *Account) LogValue() slog.Value { return slog.StringValue(a.String()) }

// hasUsableKey reports whether the key can be sent in a header. net/http would refuse any other key
// with what looks like a network error.
func (a *Account) hasUsableKey() bool {
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

// waitForBudget waits until the key's budgets allow the call. It returns KindRateLimited when the wait
// is longer than Config.MaxWait, than a full window, or than the caller has time, so that the caller can
// reschedule.
func (a *Account) waitForBudget(ctx context.Context, c call) error {
	client := a.client
	budget := client.budgetOf(a.hash)
	at, wait, perMinute := budget.reserve(client.now(), c.buckets()...)
	if wait <= 0 {
		return nil
	}

	deadline, hasDeadline := ctx.Deadline()
	// A context's deadline is wall-clock time, whatever Config.Now returns.
	if client.isTooLong(wait, c) || wait > max(client.retryFor, windowLength) || (hasDeadline && time.Until(deadline) < wait) {
		budget.release(at, c.buckets()...)
		return &Error{Op: c.op, Kind: KindRateLimited, RetryAfter: wait, PerMinute: perMinute}
	}
	client.logger.DebugContext(ctx, "waiting for the fathom rate budget", "op", c.op, "wait", wait)
	if err := client.sleep(ctx, wait); err != nil {
		budget.release(at, c.buckets()...)
		return fmt.Errorf("%s: %w", c.op, err)
	}
	return nil
}
