package fathom

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/backoff"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

var retryBackoff = backoff.Policy{Base: time.Second, Max: time.Minute, Jitter: 0.5}

// send sends the call within the key's budgets, retries it while that may help and RetryFor allows, and
// decodes the response into out, unless out is nil.
func (a *Account) send(ctx context.Context, c call, out any) error {
	if !a.hasUsableKey() {
		return &Error{Op: c.op, Kind: KindUnauthorized, Detail: "the key is blank or contains characters that no key has"}
	}

	client := a.client
	var spent time.Duration // without the time spent waiting for the key's own budget
	for attempt := 1; ; attempt++ {
		if err := a.waitForBudget(ctx, c); err != nil {
			return err
		}
		started := client.now()
		sent, err := a.attempt(ctx, c, out)
		spent += client.now().Sub(started)
		if err != nil && ctx.Err() != nil {
			return fmt.Errorf("%s: %w", c.op, ctx.Err())
		}
		failure, ok := errors.AsType[*Error](err)
		client.onAttempt(!ok || !failure.isOutage())
		client.onCall(c.op, problemOf(err))
		if err == nil {
			return nil
		}
		if !ok || !canRetry(c, failure, sent) {
			return err
		}
		wait := retryWait(failure, attempt)
		isRequested := failure.RetryAfter > 0 || failure.Kind == KindRateLimited
		if spent+wait > client.retryFor || isRequested && client.isTooLong(wait, c) {
			if failure.Kind == KindRateLimited {
				failure.RetryAfter = max(wait, client.unspecifiedWait(failure))
			}
			return failure
		}
		client.logger.DebugContext(ctx, "retrying fathom call", "op", c.op, "attempt", attempt, "wait", wait, "error", failure)
		if err := client.sleep(ctx, wait); err != nil {
			return fmt.Errorf("%s: %w", c.op, err)
		}
		spent += wait
	}
}

// isTooLong reports whether a call must return instead of waiting.
func (c *Client) isTooLong(wait time.Duration, call call) bool {
	return c.maxWait > 0 && wait > c.maxWait && !call.patient
}

// unspecifiedWait is the least wait after a 429 that doesn't say how long to wait, if callers wait instead of
// the client.
func (c *Client) unspecifiedWait(failure *Error) time.Duration {
	if c.maxWait > 0 && failure.RetryAfter == 0 {
		return windowLength / 4
	}
	return 0
}

// canRetry reports whether sending the call again may help and can do no harm.
func canRetry(c call, failure *Error, sent bool) bool {
	if failure.Kind == KindRateLimited {
		return true
	}
	if failure.Kind != KindUnavailable {
		return false
	}
	if !c.once {
		return true
	}
	// A 503 means that the call had no effect. After any other response, or without a response to a
	// request that was sent, the call may have taken effect: a second webhook would deliver everything
	// twice, and no endpoint lists the first one.
	return failure.Status == http.StatusServiceUnavailable || (failure.Status == 0 && !sent)
}

// retryWait is the wait that the server asked for, if it is long enough, or the backoff of the attempt.
// Attempts count from 1.
func retryWait(failure *Error, attempt int) time.Duration {
	if failure.RetryAfter >= retryBackoff.Base {
		return failure.RetryAfter
	}
	return retryBackoff.Delay(attempt)
}

const (
	maxReset     = 24 * time.Hour / time.Second
	minUnixReset = 1_000_000_000 // from here on, RateLimit-Reset is a Unix time
)

// requestedWait reads how long the server asks to wait: Retry-After, or otherwise RateLimit-Reset, which
// Fathom documents as the seconds left in the window and other services use for a Unix time. It reports
// false when there is neither.
func requestedWait(h http.Header, now time.Time) (time.Duration, bool) {
	if wait, ok := outbound.RetryAfter(h, now); ok {
		return wait, true
	}
	reset, ok := headerInt(h, "RateLimit-Reset")
	if !ok {
		return 0, false
	}
	if reset > minUnixReset {
		return max(time.Unix(reset, 0).Sub(now), 0), true
	}
	return min(time.Duration(reset), maxReset) * time.Second, true
}

func headerInt(h http.Header, name string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(h.Get(name)), 10, 64)
	return n, err == nil && n >= 0
}
