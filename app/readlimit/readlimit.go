// Package readlimit bounds what a request for records may cost: the number of records in a page, the length of
// filters and sort expressions, the time that queries take, the requests of one caller that run at the same
// time, and the memory that all responses need together. It serves the API of the global database and those of
// user databases.
//
// A Limiter is safe for concurrent use. The package must not decide who may read what.
package readlimit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/search"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

const (
	// queryTimeout is how long the queries of one request of a user may take together.
	queryTimeout = 3 * time.Second
	// superuserQueryTimeout is PocketBase's default for a single query.
	superuserQueryTimeout = 30 * time.Second
	// turnTimeout is how long a request waits for the caller's other requests.
	turnTimeout = 10 * time.Second

	maxFilterLength = 2000 // characters of a filter, of a sort expression, of the relations to expand, and of the names of fields
)

// Caller is who sends a request.
type Caller struct {
	limit.Caller
	Superuser bool
}

// Limiter limits the requests of all callers together.
type Limiter struct {
	turns *limit.Turns
	bytes *limit.Budget
}

// New returns a Limiter.
func New() *Limiter {
	return &Limiter{
		turns: limit.NewTurns(limit.MaxListsPerUser),
		bytes: limit.NewBudget(limit.MaxRecordBytes, limit.MaxRecordBytesPerUser),
	}
}

// WaitTurn waits until few enough expensive requests of the caller are running. Requests that aren't expensive
// have no limit. Call end after the response. It returns an API error if the caller waited too long, and
// context.Canceled after the client has disconnected.
func (l *Limiter) WaitTurn(w http.ResponseWriter, r *http.Request, path string, caller Caller) (end func(), err error) {
	if !isExpensive(r, path) {
		return func() {}, nil
	}
	if end, ok := l.turns.Try(caller.Caller); ok {
		return end, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), turnTimeout)
	defer cancel()
	end, err = l.turns.Wait(ctx, caller.Caller)
	if errors.Is(err, context.DeadlineExceeded) {
		w.Header().Set("Retry-After", "2")
		err = router.NewApiError(http.StatusTooManyRequests, "Too many lists at the same time. Wait until some have finished.", nil)
	}
	return end, err
}

// isExpensive reports whether a request lists, selects or searches records or expands relations.
func isExpensive(r *http.Request, path string) bool {
	isList := (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		strings.HasPrefix(path, "/api/collections/") && strings.HasSuffix(strings.TrimSuffix(path, "/"), "/records")
	isSelection := path == "/api/usage/meetings" || path == "/api/search" || path == "/api/library" || path == "/mcp" || r.Method == http.MethodPost &&
		(path == "/api/bundles" || path == "/api/transfers" || path == "/api/rules/test")
	isText := strings.HasPrefix(path, "/api/meetings/") && !strings.HasSuffix(path, "/poster") // made of a transcript or a summary, which may be large
	return isList || isSelection || isText || r.URL.Query().Has(expandParam)
}

// recordsPattern ends the patterns of PocketBase's routes for records.
const recordsPattern = "/api/collections/{collection}/records"

// meetingsPattern begins the patterns of the routes that make something of the records of a meeting.
const meetingsPattern = "/api/meetings/{id}/"

// Limit calls e.Next with an App that bounds the queries for records. Use it in a middleware of PocketBase's
// router, after e.App and e.Auth are set.
func (l *Limiter) Limit(e *core.RequestEvent, caller Caller) error {
	if utf8.RuneCountInString(e.Request.URL.Query().Get("fields")) > maxFilterLength { // PocketBase compares each with each field of each record
		return e.BadRequestError(fmt.Sprintf("The fields have more than %d characters. Leave out some of them.", maxFilterLength), nil)
	}
	_, path, _ := strings.Cut(e.Request.Pattern, " ")
	if !strings.HasPrefix(path, recordsPattern) && !strings.HasPrefix(path, meetingsPattern) {
		return e.Next()
	}
	if e.Request.Method != http.MethodGet && e.Request.Method != http.MethodHead {
		return e.Next() // a change that was made must not be reported as refused
	}
	if path == recordsPattern && !caller.Superuser {
		if err := limitQuery(e); err != nil {
			return err
		}
	}
	timeout := queryTimeout
	if caller.Superuser {
		timeout = superuserQueryTimeout
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), timeout)
	defer cancel()
	hold := l.bytes.Open(caller.Caller)
	defer hold.Close()
	meter := &meter{hold: hold}
	ctx = sqlite.WithMeter(ctx, meter.count)
	if collection, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection")); err == nil && !collection.IsView() {
		ctx = sqlite.WithRewrite(ctx, pageFirst(collection.Name))
	}
	outer := e.App
	e.App = &boundApp{outer, ctx, meter}
	defer func() { e.App = outer }()
	return explain(ctx, e, timeout, meter, nextUntilAbort(e))
}

// nextUntilAbort calls e.Next, and returns the error with which boundApp aborted it.
func nextUntilAbort(e *core.RequestEvent) (err error) {
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case abort:
			err = reason.error
		default:
			panic(reason)
		}
	}()
	return e.Next()
}

// limitQuery refuses long filters and sort expressions, and reduces perPage to the maximum. The response
// contains the reduced value, by which the SDK's getFullList continues.
func limitQuery(e *core.RequestEvent) error {
	query := e.Request.URL.Query()
	for _, name := range []string{search.FilterQueryParam, search.SortQueryParam, "expand"} {
		if utf8.RuneCountInString(query.Get(name)) > maxFilterLength {
			return e.BadRequestError(fmt.Sprintf("The %s has more than %d characters. Split the request.", name, maxFilterLength), nil)
		}
	}
	size, err := strconv.Atoi(query.Get(search.PerPageQueryParam))
	if err != nil && query.Has(search.PerPageQueryParam) {
		return nil // PocketBase refuses it
	}
	if size <= 0 {
		size = search.DefaultPerPage
	}
	if most := maxPageSize(e.App, e.Request.PathValue("collection"), query.Get("expand")); size > most {
		query.Set(search.PerPageQueryParam, strconv.Itoa(most))
		e.Request.URL.RawQuery = query.Encode()
	}
	return nil
}

// explain replaces the error of a request that reached a limit, which PocketBase reports as a bad request or as
// a missing record.
func explain(ctx context.Context, e *core.RequestEvent, timeout time.Duration, m *meter, err error) error {
	switch {
	case err == nil || e.Written():
		return err
	case m.exceeded.Load():
		e.Response.Header().Set("Retry-After", "2")
		return router.NewApiError(http.StatusTooManyRequests, "The server is sending too many large records. Try again in a moment.", nil)
	case e.Request.Context().Err() != nil:
		return err // the client has disconnected
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return e.BadRequestError(fmt.Sprintf("The request took longer than %d seconds. Use a simpler filter or sort expression.", int(timeout.Seconds())), nil)
	case isPatternTooLong(err):
		return e.BadRequestError(patternMessage, nil)
	}
	return err
}

// patternError is in SQLite's error for a pattern that is too long.
const patternError = "LIKE or GLOB pattern too complex"

var patternMessage = fmt.Sprintf("The filter searches for a text of more than %d bytes. Use a shorter text.", sqlite.MaxPatternLength-2)

// isPatternTooLong reports whether SQLite refused a pattern; see sqlite.MaxPatternLength.
func isPatternTooLong(err error) bool {
	apiError, ok := errors.AsType[*router.ApiError](err)
	return ok && strings.Contains(fmt.Sprint(apiError.RawData()), patternError)
}
