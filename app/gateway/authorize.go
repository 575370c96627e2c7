package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// principal is the identity a request acts as: the owner of the database or a superuser.
type principal struct {
	id        string                      // id of the user or superuser in the global database
	superuser *core.Record                // record in the global database; nil for the owner
	token     *tokens.Token               // the API token that the owner uses; nil for a session
	expires   time.Time                   // when the session or token ends
	recheck   func(context.Context) error // returns an error once the session or token is revoked
}

func (p principal) isSuperuser() bool { return p.superuser != nil }

// caller returns the principal as the limits on reading count it.
func (p principal) caller() readlimit.Caller {
	return readlimit.Caller{Caller: limit.Account(p.id), Superuser: p.isSuperuser()}
}

// revalidate returns session.ErrInvalid if the session was revoked or can't be checked.
func (p principal) revalidate(ctx context.Context) error {
	if err := p.recheck(ctx); err != nil {
		return fmt.Errorf("%w: %w", session.ErrInvalid, err)
	}
	return nil
}

// recordIn returns the record that represents the principal inside a database.
func (p principal) recordIn(db *userdb.Database) *core.Record {
	if p.isSuperuser() {
		return superuserRecordIn(db, p.superuser)
	}
	return db.Owner()
}

// authorize checks the token of a request without opening the database. It returns
// session.ErrInvalid, ErrExpired or ErrWrongDatabase, an error of package tokens, registry.ErrNotFound or
// ErrElsewhere, errAddressNotAllowed, or an error of the global database.
func (g *Gateway) authorize(e *core.RequestEvent, state *requestState) (principal, error) {
	c := credentialOf(e.Request, state)
	if tokens.IsToken(c.token) {
		return g.authorizeToken(e.Request, c, state)
	}
	claims, err := g.sessions.Verify(c.token, c.audience)
	if errors.Is(err, session.ErrInvalid) {
		return g.authorizeSuperuser(c, state.address)
	}
	if err != nil {
		return principal{}, err
	}
	p := principal{
		id: claims.UserID, expires: claims.ExpiresAt,
		recheck: func(ctx context.Context) error { return g.checkOwnership(ctx, claims, state.name) },
	}
	if err := p.recheck(e.Request.Context()); err != nil {
		return principal{}, err
	}
	return p, nil
}

// checkOwnership checks what the token itself can't prove: that the database exists and still
// belongs to this user, and that the user's tokens haven't been revoked since the sign-in.
func (g *Gateway) checkOwnership(ctx context.Context, claims session.Claims, name string) error {
	owned, err := g.databases.Lookup(ctx, name)
	if isKnown(err) && (owned.UserID != claims.UserID || !g.sessions.Matches(claims, owned.Credential)) {
		return session.ErrInvalid
	}
	return err
}

// isKnown reports whether a lookup with this error has found a database, here or on another server. Only its owner may be
// told where it is.
func isKnown(err error) bool { return err == nil || errors.Is(err, registry.ErrElsewhere) }

// credential is the token of a request and the kind of token that the request requires.
type credential struct {
	token         string
	audience      string // required if it is a session
	superuserType string // required PocketBase token type if it is a superuser's token
	inQuery       bool   // the token is in the query of the URL
}

// credentialOf returns the token in the Authorization header or, for files, exports and bundles, in the
// query, because a link or a video element can't send a header.
func credentialOf(r *http.Request, state *requestState) credential {
	token := BearerToken(r)
	if token == "" {
		switch state.class {
		case routeFile:
			return credential{r.URL.Query().Get("token"), filesAudience + state.name, core.TokenTypeFile, true}
		case routeExport:
			return credential{r.URL.Query().Get("token"), exportAudience + state.name, core.TokenTypeAuth, true}
		case routeBundle:
			query := r.URL.Query()
			return credential{query.Get("token"), audienceOfBundle(state.name, query), core.TokenTypeAuth, true}
		}
	}
	return credential{token, state.name, core.TokenTypeAuth, false}
}

// BearerToken returns the token in the Authorization header. Like PocketBase it accepts one without
// the word "Bearer".
func BearerToken(r *http.Request) string {
	token := r.Header.Get("Authorization")
	if len(token) > 7 && strings.EqualFold(token[:7], "Bearer ") {
		return token[7:]
	}
	return token
}
