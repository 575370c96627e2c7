package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// OwnerRequest is a request to a route of the global server that uses the database of the owner of an API token. Only
// ServeOwner creates one, and its methods must not be called after serve has returned.
type OwnerRequest struct {
	gateway *Gateway
	event   *core.RequestEvent
	state   *requestState
}

// ServeOwner serves a request to a route of the global server that uses the database of the owner of an API token, which
// the caller has verified. The limits on requests to user databases apply, and an archived database stays archived. serve
// finds the body in memory, and nothing is opened before it calls Use or Read. The error is an API error.
func (g *Gateway) ServeOwner(e *core.RequestEvent, token *tokens.Token, serve func(*OwnerRequest) error) error {
	address := e.RealIP()
	r := &OwnerRequest{g, e, &requestState{
		subpath: e.Request.URL.Path, address: address, network: limit.Network(address),
		principal: principal{id: token.UserID, token: token, expires: token.Expires},
	}}
	return r.explain(r.serve(serve))
}

func (r *OwnerRequest) serve(serve func(*OwnerRequest) error) error {
	g, ctx := r.gateway, r.event.Request.Context()
	if !g.requestRate.Allow(limit.Account(r.state.principal.id)) {
		return errRateExceeded
	}
	entry, err := g.databases.ReadyOf(ctx, r.state.principal.id)
	if errors.Is(err, registry.ErrNotFound) {
		return fmt.Errorf("%w: %w", tokens.ErrNoDatabase, err)
	}
	if err != nil {
		return err
	}
	r.state.name = entry.Name
	logging.Add(ctx, slog.String(logging.DatabaseKey, entry.Name))
	end, err := g.beginRequest(r.event, r.state)
	if err != nil {
		return err
	}
	defer end()
	// This fails only with the response writers of tests, which have no deadlines.
	_ = http.NewResponseController(r.event.Response).SetWriteDeadline(time.Now().Add(responseTimeout))
	return serve(r)
}

// Token returns the API token of the request.
func (r *OwnerRequest) Token() *tokens.Token { return r.state.principal.token }

// Use opens the database of the owner, which use must not keep. If the database can't be opened, the error is an API
// error; otherwise it is that of use. Calls must not overlap.
func (r *OwnerRequest) Use(ctx context.Context, use func(db *userdb.Database) error) error {
	if err := r.gateway.acquireDatabase(ctx, r.state); err != nil {
		return r.explain(err)
	}
	defer r.state.release()
	if r.state.handle.UserID != r.state.principal.id {
		return r.explain(tokens.ErrWrongDatabase)
	}
	return use(r.state.handle.Database)
}

// Read is Use for queries that use the context that read is given. They are limited as those of a request for records are;
// beyond the limits the error is an API error.
func (r *OwnerRequest) Read(ctx context.Context, read func(ctx context.Context, db *userdb.Database) error) error {
	return r.Use(ctx, func(db *userdb.Database) (err error) {
		bounded, end := r.gateway.reads.Bound(ctx, r.state.principal.caller())
		defer func() { err = end(err) }() // also after a panic
		return read(bounded, db)
	})
}

// BoundReads returns a context for the queries of a route of user databases that reads records itself. They are limited as
// those of a request for records are. Call end with the error of what used them; see [readlimit.Limiter.Bound].
func (g *Gateway) BoundReads(e *core.RequestEvent) (ctx context.Context, end func(error) error) {
	return g.reads.Bound(e.Request.Context(), stateFrom(e).principal.caller())
}

func (r *OwnerRequest) explain(err error) error {
	if !errors.Is(err, errOpenFailed) { // that has a response of its own
		err = r.gateway.ExplainUnavailable(r.event, err)
	}
	return r.gateway.apiError(r.event, r.state, err)
}
