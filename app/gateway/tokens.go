package gateway

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// The audience of a token with a single purpose starts with one of these prefixes. Database names
// start with a digit, so no token can be used in place of a token of another kind.
const (
	filesAudience  = "files."
	exportAudience = "export."
)

// exportTokenTTL is long enough to follow a link, and short because browsers keep URLs in their
// history.
const exportTokenTTL = time.Minute

// DatabaseSession is what a client needs to use a user database.
type DatabaseSession struct {
	Name    string    `json:"name"`
	URL     string    `json:"url"`
	Token   string    `json:"token"`
	Expires time.Time `json:"expires"`
}

// OpenSession issues a session for a user's database. If databases have ports of their own, it
// assigns one to the database. Without a free port, the session's URL is the path of the database, which
// always works: nobody may lose access to their data because strangers use all ports. OpenSession returns
// registry.ErrNotFound or ErrConflict if the database is no longer ready.
func (g *Gateway) OpenSession(ctx context.Context, user *core.Record, entry registry.Entry) (DatabaseSession, error) {
	token, expires, err := g.sessions.Issue(user.Id, entry.Name, registry.Credential(user))
	if err != nil {
		return DatabaseSession{}, err
	}
	address := g.baseURL + PathPrefix + entry.Name
	if g.ports.enabled() {
		switch own, err := g.ports.assign(ctx, entry, expires); {
		case err == nil:
			address = own
		case errors.Is(err, errNoPort): // logged by listenerFor
		case ctx.Err() != nil, errors.Is(err, registry.ErrNotFound), errors.Is(err, registry.ErrConflict):
			return DatabaseSession{}, err // the database is no longer ready
		default:
			g.logger.Error("failed to assign a port to user database; its session uses the path", "database", entry.Name, "error", err)
		}
	}
	return DatabaseSession{Name: entry.Name, URL: address, Token: token, Expires: expires}, nil
}

// FileToken issues the token that file URLs of a database carry as ?token=. It lasts as long as a
// session, so that a player can seek in a long video.
func (g *Gateway) FileToken(e *core.RequestEvent, db *userdb.Database) (string, error) {
	if superuser := stateFrom(e).principal.superuser; superuser != nil {
		return superuser.NewFileToken()
	}
	return g.issueToken(e.Request.Context(), db, filesAudience, math.MaxInt64)
}

// ExportToken issues the token that the URL of an export carries as ?token=. It lasts a minute.
func (g *Gateway) ExportToken(ctx context.Context, db *userdb.Database) (string, error) {
	return g.issueToken(ctx, db, exportAudience, exportTokenTTL)
}

func (g *Gateway) issueToken(ctx context.Context, db *userdb.Database, audience string, ttl time.Duration) (string, error) {
	owned, err := g.databases.Lookup(ctx, db.Name)
	if err != nil {
		return "", err
	}
	token, _, err := g.sessions.IssueFor(db.UserID, audience+db.Name, owned.Credential, ttl)
	return token, err
}
