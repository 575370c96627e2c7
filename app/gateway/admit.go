package gateway

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Starts of the audience of tokens that are for one thing only. No database name
// starts with a letter, so that no kind of token can stand in for another.
const (
	filesAudience  = "files."
	exportAudience = "export."
)

// visitor is whom a request acts for: the owner of the database or a superuser.
type visitor struct {
	id        string                      // of the user or the superuser
	superuser *core.Record                // of the global database, nil for the owner
	expires   time.Time                   // of the session
	recheck   func(context.Context) error // whether the session still stands
}

// record is who the visitor is inside a database.
func (v visitor) record(db *userdb.Database) *core.Record {
	if v.superuser == nil {
		return db.Owner()
	}
	return superuserIn(db, v.superuser)
}

// admit checks the session of a request, without opening anything. It answers
// 401 to a token that proves nothing (any more) and 403 to a good one for
// another database.
func (g *Gateway) admit(e *core.RequestEvent, name string, route routeKind) (visitor, error) {
	token, audience := bearer(e.Request), name
	if inQuery := e.Request.URL.Query().Get("token"); token == "" && inQuery != "" {
		switch route {
		case routeFile:
			token, audience = inQuery, filesAudience+name
		case routeExport:
			token, audience = inQuery, exportAudience+name
		}
	}
	claims, err := g.sessions.Verify(token, audience)
	if errors.Is(err, session.ErrInvalid) {
		if visitor, ok, err := g.admitSuperuser(e, token, route); ok || err != nil {
			return visitor, err
		}
	}
	if err == nil {
		err = g.stillOwns(e.Request.Context(), claims, name)
	}
	switch {
	case err == nil:
		recheck := func(ctx context.Context) error { return g.stillOwns(ctx, claims, name) }
		return visitor{id: claims.UserID, expires: claims.ExpiresAt, recheck: recheck}, nil
	case errors.Is(err, session.ErrWrongDatabase):
		return visitor{}, e.ForbiddenError("This session is for another database.", nil)
	case errors.Is(err, session.ErrExpired):
		return visitor{}, e.UnauthorizedError("The session has expired. Renew it with POST /api/session.", nil)
	case errors.Is(err, session.ErrInvalid), errors.Is(err, registry.ErrNotFound):
		return visitor{}, e.UnauthorizedError("A valid session for this database is required.", nil)
	default:
		err = e.InternalServerError("", err)
		LogFailure(g.logger.With("database", name), e, err)
		return visitor{}, err
	}
}

// stillOwns checks what a token can't say itself: that the database exists and is
// still this user's, and that their password is the one of the sign-in.
func (g *Gateway) stillOwns(ctx context.Context, claims session.Claims, name string) error {
	owned, err := g.databases.Lookup(ctx, name)
	if err != nil {
		return err
	}
	if owned.UserID != claims.UserID || !g.sessions.Matches(claims, owned.TokenKey) {
		return session.ErrInvalid
	}
	return nil
}

// Connect issues a session of a user for their database. It returns ErrNoPort
// when every database that is in use has a port and none is left.
func (g *Gateway) Connect(ctx context.Context, user *core.Record, entry registry.Entry) (Connection, error) {
	token, expires, err := g.sessions.Issue(user.Id, entry.Name, user.TokenKey())
	if err != nil {
		return Connection{}, err
	}
	url := g.baseURL + PathPrefix + entry.Name
	if g.ports.enabled() {
		if url, err = g.ports.open(ctx, entry, expires); err != nil {
			return Connection{}, err
		}
	}
	return Connection{Name: entry.Name, URL: url, Token: token, Expires: expires}, nil
}

// FileToken issues the token that file URLs of a database carry as ?token=. It
// lasts as long as a session does, so that a player can seek in a long video.
func (g *Gateway) FileToken(e *core.RequestEvent, db *userdb.Database) (string, error) {
	visit := visitOf(e)
	if visit.visitor.superuser != nil {
		return visit.visitor.superuser.NewFileToken()
	}
	return g.tokenFor(e.Request.Context(), db, filesAudience, math.MaxInt64)
}

// exportTokenLasts is long enough to follow a link: addresses end up in histories.
const exportTokenLasts = time.Minute

// ExportToken issues the token that the address of an export carries as ?token=.
func (g *Gateway) ExportToken(ctx context.Context, db *userdb.Database) (string, error) {
	return g.tokenFor(ctx, db, exportAudience, exportTokenLasts)
}

func (g *Gateway) tokenFor(ctx context.Context, db *userdb.Database, audience string, lasts time.Duration) (string, error) {
	owned, err := g.databases.Lookup(ctx, db.Name)
	if err != nil {
		return "", err
	}
	token, _, err := g.sessions.IssueFor(db.UserID, audience+db.Name, owned.TokenKey, lasts)
	return token, err
}

func bearer(r *http.Request) string {
	token := r.Header.Get("Authorization")
	if len(token) > 7 && strings.EqualFold(token[:7], "Bearer ") {
		return token[7:]
	}
	return token
}
