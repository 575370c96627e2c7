package disk

import (
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// Retry-After headers in seconds of responses about disks, and about locked databases.
const (
	retryAfter       = "60"
	retryAfterLocked = "2"
)

const (
	fullMessage     = "The server's disk is full, so nothing was saved. You can still read, export and delete your data. Try again later, or contact the operator."
	readOnlyMessage = "The server can't save anything at the moment. You can still read and export your data. Try again later, or contact the operator."
	lockedMessage   = "The server is busy, so nothing was saved. Try again in a moment."
)

// Explain returns the response for an error that a full, read-only or failing disk or a locked database caused,
// and logs the cause at most once a minute. It logs a [Refusal] likewise, but keeps the response if the error is one.
// It returns every other error unchanged, including nil.
func (m *Monitor) Explain(e *core.RequestEvent, err error) error {
	if isRefusal(err) { // nothing has failed, so the reserve must not be released
		m.log.report(refusedWrite, e.Request, err)
		e.Response.Header().Set("Retry-After", retryAfter)
		if _, ok := errors.AsType[*router.ApiError](err); ok {
			return err
		}
		return response(Full, err)
	}
	fault := causeOf(err)
	switch fault {
	case NoFault:
		return err
	case locked:
		m.log.report(locked, e.Request, err)
		e.Response.Header().Set("Retry-After", retryAfterLocked)
		return router.NewApiError(http.StatusServiceUnavailable, lockedMessage, err)
	case Full:
		m.writeFailed()
	default:
		m.Check() // SQLite reports some faults as another input or output error
		if problem := m.Problem(); fault == Failing && problem != NoFault {
			fault = problem
		}
	}
	m.log.report(fault, e.Request, err)
	e.Response.Header().Set("Retry-After", retryAfter)
	return response(fault, err)
}

// RefuseGrowth returns the response to a request that would store more, if the disk is full.
func (m *Monitor) RefuseGrowth(e *core.RequestEvent) error {
	if m.CheckSpace() == nil {
		return nil
	}
	e.Response.Header().Set("Retry-After", retryAfter)
	return response(Full, ErrFull)
}

func response(fault Fault, cause any) error {
	if fault == Full {
		return router.NewApiError(http.StatusInsufficientStorage, fullMessage, cause)
	}
	return router.NewApiError(http.StatusServiceUnavailable, readOnlyMessage, cause)
}

// logInterval is the minimum time between two log lines about the same fault.
const logInterval = time.Minute

// refusedWrite is logged in the same way as faults.
const refusedWrite = locked + 1

// faultLog logs faults without filling the log. It is safe for concurrent use.
type faultLog struct {
	logger *slog.Logger
	now    func() time.Time

	mu      sync.Mutex
	latest  [refusedWrite + 1]time.Time // when each fault was logged
	skipped [refusedWrite + 1]int       // how often it occurred since
}

func (l *faultLog) report(fault Fault, request *http.Request, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Sub(l.latest[fault]) < logInterval {
		l.skipped[fault]++
		return
	}
	cause := any(err)
	if response, ok := err.(*router.ApiError); ok {
		cause = response.RawData()
	}
	message := "failed to write: disk is " + fault.String()
	switch fault {
	case locked:
		message = "failed to write: another connection kept the database locked"
	case refusedWrite:
		message = "refused to write: the disk has too little space"
	}
	l.logger.ErrorContext(request.Context(), message, "method", request.Method, "path", redact.Path(request.URL.Path),
		"error", err, "cause", cause, "failures_not_logged", l.skipped[fault])
	l.latest[fault], l.skipped[fault] = now, 0
}

func (l *faultLog) reportReadOnly(readOnly bool) {
	if readOnly {
		l.logger.Error("disk is read-only: nothing can be saved until it is mounted for writing")
	} else {
		l.logger.Info("disk is writable again")
	}
}
