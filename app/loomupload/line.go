package loomupload

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/backoff"
)

// maxCalls is how often a call is tried.
const maxCalls = 3

var callBackoff = backoff.Policy{Base: 500 * time.Millisecond, Max: 5 * time.Second, Jitter: 0.2}

// line is an account's line to Atlassian during one operation of this package. It connects when it is needed, and again
// after a failure. It is not safe for concurrent use. Close it after use.
type line struct {
	uploads *Uploads
	account Account
	session *atlassian.Session
	catalog catalog
	known   bool // whether catalog is set
}

func (u *Uploads) open(account Account) *line { return &line{uploads: u, account: account} }

// close ends the session, if there is one.
func (l *line) close() {
	if l.session != nil {
		_ = l.session.Close() // the server ends it anyway
		l.session = nil
	}
}

// exchange runs one exchange with Atlassian in the account's turn, and explains its error. It repeats an exchange that
// failed temporarily if that is safe: if it may be repeated anyway, or was certainly not executed.
func (l *line) exchange(ctx context.Context, repeatable bool, do func(*atlassian.Session) error) error {
	for attempt := 1; ; attempt++ {
		err := l.once(ctx, do)
		if err == nil {
			return nil
		}
		problem, ok := errors.AsType[*Problem](err)
		if !ok || !problem.Temporary() || attempt == maxCalls || isUnclear(err) && !repeatable {
			return err
		}
		wait := max(problem.RetryAfter, callBackoff.Delay(attempt))
		if wait > maxWait {
			return err
		}
		l.uploads.logger.DebugContext(ctx, "calling atlassian again", "attempt", attempt, "wait", wait, "error", err)
		if err := l.uploads.sleep(ctx, wait); err != nil {
			return fmt.Errorf("wait to call atlassian: %w", err)
		}
	}
}

// once runs an exchange once, and connects first unless there is a session.
func (l *line) once(ctx context.Context, do func(*atlassian.Session) error) error {
	end, wait, err := l.uploads.turns.begin(ctx, l.account.Key)
	if err != nil {
		return err
	}
	defer end()
	if wait > maxWait {
		return &Problem{Kind: KindBusy, Message: "Atlassian limits the number of requests.", RetryAfter: wait}
	}
	if err := l.uploads.sleep(ctx, wait); err != nil {
		return fmt.Errorf("wait to call atlassian: %w", err)
	}
	if l.session == nil {
		session, err := l.uploads.client.Connect(ctx, l.account.Credential)
		if err != nil {
			return l.fail(err)
		}
		l.session = session
	}
	if err := do(l.session); err != nil {
		return l.fail(err)
	}
	return nil
}

// fail ends the session after an error that may have broken it, and explains the error.
func (l *line) fail(err error) error {
	if failure, ok := errors.AsType[*atlassian.Error](err); ok {
		if failure.Kind == atlassian.KindRateLimited {
			l.uploads.turns.postpone(l.account.Key, failure.RetryAfter)
		}
		if failure.Kind == atlassian.KindProtocol || failure.Reason == atlassian.ReasonInput { // a schema may have changed
			l.uploads.catalogs.drop(l.account.cacheKey())
		}
	}
	l.close()
	return explain(err, l.account.Access)
}

// load finds out what the account can do, from the cache if that is recent.
func (l *line) load(ctx context.Context) error {
	if l.known {
		return nil
	}
	key := l.account.cacheKey()
	if cached, ok := l.uploads.catalogs.get(key); ok {
		l.catalog, l.known = cached, true
		return nil
	}
	site, err := l.site(ctx)
	if err != nil {
		return err
	}
	operations, err := l.operations(ctx)
	if err != nil {
		return err
	}
	l.catalog, l.known = l.uploads.readCatalog(operations, site), true
	l.uploads.catalogs.put(key, l.catalog)
	return nil
}

func (l *line) operations(ctx context.Context) (operations atlassian.Catalog, err error) {
	var names []string
	for _, documented := range Operations() {
		names = append(names, l.uploads.namesOf(documented)...)
	}
	err = l.exchange(ctx, true, func(session *atlassian.Session) (err error) {
		operations, err = session.Operations(ctx, names...)
		return err
	})
	return operations, err
}

func (l *line) sites(ctx context.Context) (sites []atlassian.Site, err error) {
	err = l.exchange(ctx, true, func(session *atlassian.Session) (err error) {
		sites, err = session.Sites(ctx)
		return err
	})
	return sites, err
}

// site returns the account's site as calls name it.
func (l *line) site(ctx context.Context) (string, error) {
	if l.account.Site != "" {
		return callSite(l.account.Site), nil
	}
	sites, err := l.sites(ctx)
	if err != nil {
		return "", err
	}
	site, ok := siteOf(sites, "")
	if !ok {
		return "", chooseSite(sites, "")
	}
	return site.ID, nil
}

// call calls an operation with inputs for its live schema. repeatable is false for calls that must not be executed twice.
func (l *line) call(ctx context.Context, documented string, repeatable bool, inputs func(atlassian.Operation) (map[string]any, error)) (json.RawMessage, error) {
	if err := l.load(ctx); err != nil {
		return nil, err
	}
	operation, err := l.catalog.find(documented)
	if err != nil {
		return nil, err
	}
	filled, err := inputs(operation)
	if err != nil {
		return nil, err
	}
	var answer json.RawMessage
	err = l.exchange(ctx, repeatable, func(session *atlassian.Session) (err error) {
		answer, err = session.Call(ctx, operation, l.catalog.site, filled)
		return err
	})
	return answer, err
}

// fillWith returns a function for call that fills in values.
func (l *line) fillWith(known values, must ...meaning) func(atlassian.Operation) (map[string]any, error) {
	return func(operation atlassian.Operation) (map[string]any, error) {
		inputs, _, err := fill(operation.Name, operation.InputSchema, known.with(values{meansSite: text(l.catalog.site)}), nil, must...)
		return inputs, err
	}
}

// fillVideo is fillWith for operations about one video, which they may know by its id or by its link.
func (l *line) fillVideo(known values, must ...meaning) func(atlassian.Operation) (map[string]any, error) {
	return func(operation atlassian.Operation) (map[string]any, error) {
		known := known.with(values{meansSite: text(l.catalog.site)})
		inputs, placed, err := fill(operation.Name, operation.InputSchema, known, nil, must...)
		if err == nil && !placed.has(meansVideo) && !placed.has(meansShareURL) {
			err = contractProblem("Atlassian's operation %s has no known input for the video.", operation.Name)
		}
		return inputs, err
	}
}
