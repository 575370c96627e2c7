package fathom

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	shortestBackoff = time.Second
	longestBackoff  = time.Minute
)

// do sends the call within the key's budgets, retries what is worth it for as
// long as the client allows, and decodes the answer into out (nil: none is due).
func (a *Account) do(ctx context.Context, c call, out any) error {
	if !a.usableKey() {
		return &Error{Op: c.op, Kind: KindUnauthorized, Detail: "the key is blank or has characters no key has"}
	}

	client := a.client
	var spent time.Duration // waiting for our own budget does not count
	for attempt := 0; ; attempt++ {
		if err := a.admit(ctx, c); err != nil {
			return err
		}
		started := client.now()
		sent, err := a.attempt(ctx, c, out)
		spent += client.now().Sub(started)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %w", c.op, ctx.Err())
		}

		var failure *Error
		if !errors.As(err, &failure) || !retryable(c, failure, sent) {
			return err
		}
		wait := failure.RetryAfter
		if wait < shortestBackoff {
			wait = backoff(attempt)
		}
		if spent+wait > client.retryFor {
			if failure.Kind == KindRateLimited {
				failure.RetryAfter = wait
			}
			return failure
		}
		client.log.DebugContext(ctx, "retry fathom call", "op", c.op, "attempt", attempt+1, "wait", wait, "error", failure)
		if err := client.sleep(ctx, wait); err != nil {
			return fmt.Errorf("%s: %w", c.op, err)
		}
		spent += wait
	}
}

// retryable says whether sending the call once more can help and cannot harm.
func retryable(c call, failure *Error, sent bool) bool {
	if failure.Kind == KindRateLimited {
		return true
	}
	if failure.Kind != KindUnavailable {
		return false
	}
	if !c.once {
		return true
	}
	// 503 says that nothing was done. Any other answer, or none after the request
	// went out, may have had its effect: a second webhook would deliver everything
	// twice, and nothing lists the first one.
	return failure.Status == http.StatusServiceUnavailable || (failure.Status == 0 && !sent)
}

// backoff is 1 s, 2 s, 4 s ... 60 s, less up to half of it at random.
func backoff(attempt int) time.Duration {
	d := longestBackoff
	if attempt < 6 {
		d = shortestBackoff << attempt
	}
	return d - rand.N(d/2)
}

// serverWait reads how long the server wants to be left alone: Retry-After in
// seconds or as a date, else RateLimit-Reset, which Fathom documents as seconds
// left in the window.
func serverWait(h http.Header, now time.Time) (time.Duration, bool) {
	if v := strings.TrimSpace(h.Get("Retry-After")); v != "" {
		if s, err := strconv.ParseFloat(v, 64); err == nil {
			return seconds(s), true
		}
		if t, err := http.ParseTime(v); err == nil {
			return max(t.Sub(now), 0), true
		}
	}
	reset, ok := headerInt(h, "RateLimit-Reset")
	if !ok {
		return 0, false
	}
	if reset > 1_000_000_000 { // other services send a moment, not a span
		return max(time.Unix(reset, 0).Sub(now), 0), true
	}
	return seconds(float64(reset)), true
}

// seconds turns a header's number into a span that cannot overflow.
func seconds(s float64) time.Duration {
	const day = 24 * 60 * 60
	if !(s > 0) { // also NaN
		return 0
	}
	return time.Duration(min(s, day) * float64(time.Second))
}

func headerInt(h http.Header, name string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(h.Get(name)), 10, 64)
	return n, err == nil && n >= 0
}
