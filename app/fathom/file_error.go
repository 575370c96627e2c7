package fathom

import (
	"fmt"
	"time"
)

const maxReportedWait = 24 * time.Hour

// FileError returns the error of a fetch that another process has made, from what it reports about it: ErrLinkExpired, or an
// *[Error] of a file host. A kind that Fetch never returns counts as KindUnavailable.
func FileError(kind Kind, status int, retryAfter time.Duration, detail string) error {
	switch kind {
	case kindExpired:
		return linkExpired(status)
	case KindBadRequest, KindNotFound, KindUnprocessable, KindRateLimited, KindInvalidResponse, KindMismatch, KindRefused, KindTooSlow:
	default:
		kind = KindUnavailable
	}
	retryAfter = min(max(retryAfter, 0), maxReportedWait)
	return &Error{Op: fetchOp, Kind: kind, Status: status, RetryAfter: retryAfter, Detail: loggable(detail)}
}

func linkExpired(status int) error {
	return fmt.Errorf("%s: status %d: %w", fetchOp, status, ErrLinkExpired)
}
