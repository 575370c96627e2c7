package readlimit

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Bound returns a context whose queries may take as long, and read as much, as those of a user's request for records.
// Call end after what they have read isn't needed any more, with the error of what used them: it returns an API error if
// a limit was reached, which may be even if there was no error, and otherwise the same error.
func (l *Limiter) Bound(ctx context.Context, caller Caller) (bounded context.Context, end func(error) error) {
	limited, cancel := context.WithTimeout(ctx, queryTimeout)
	hold := l.bytes.Open(caller.Caller)
	m := &meter{hold: hold}
	return sqlite.WithMeter(limited, m.count), func(err error) error {
		isLate := errors.Is(limited.Err(), context.DeadlineExceeded)
		cancel()
		hold.Close()
		switch {
		case m.exceeded.Load():
			return router.NewApiError(http.StatusTooManyRequests, "The server is sending too many large records. Try again in a moment.", nil)
		case ctx.Err() != nil:
			return ctx.Err()
		case isLate:
			return router.NewApiError(http.StatusServiceUnavailable, fmt.Sprintf("Reading took longer than %d seconds. Ask for less at a time.", int(queryTimeout.Seconds())), nil)
		}
		return err
	}
}
