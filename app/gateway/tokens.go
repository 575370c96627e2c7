package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/url"
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
	bundleAudience = "bundle."
)

// fileTokenTTL is long enough to continue an interrupted download of a large recording the next day.
const fileTokenTTL = 24 * time.Hour

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
// registry.ErrNotFound or ErrConflict if the database is no longer ready, and ErrElsewhere if it is no longer here.
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
		case ctx.Err() != nil, registry.IsNotHere(err), errors.Is(err, registry.ErrConflict):
			return DatabaseSession{}, err // the database is no longer ready
		default:
			g.logger.ErrorContext(ctx, "failed to assign a port to user database; its session uses the path", "database", entry.Name, "error", err)
		}
	}
	return DatabaseSession{Name: entry.Name, URL: address, Token: token, Expires: expires}, nil
}

// FileToken issues the token that file URLs of a database carry as ?token=. It lasts a day, longer than most sessions,
// so that a download over a slow line can be continued. Revoking the session ends it.
func (g *Gateway) FileToken(e *core.RequestEvent, db *userdb.Database) (string, error) {
	if superuser := stateFrom(e).principal.superuser; superuser != nil {
		return superuser.NewFileToken()
	}
	return g.issueToken(e.Request.Context(), db, filesAudience+db.Name, fileTokenTTL)
}

// ExportToken issues the token that the URL of an export carries as ?token=. It lasts a minute.
func (g *Gateway) ExportToken(ctx context.Context, db *userdb.Database) (string, error) {
	return g.issueToken(ctx, db, exportAudience+db.Name, exportTokenTTL)
}

// BundleToken issues the token that the URL of a bundle carries as ?token=. It lasts a minute, and is valid only with
// the given other parameters of the URL.
func (g *Gateway) BundleToken(ctx context.Context, db *userdb.Database, query url.Values) (string, error) {
	return g.issueToken(ctx, db, audienceOfBundle(db.Name, query), exportTokenTTL)
}

// audienceOfBundle depends on all parameters of the URL, so that the holder of a link can't select other meetings.
func audienceOfBundle(database string, query url.Values) string {
	query = maps.Clone(query)
	query.Del("token")
	sum := sha256.Sum256([]byte(query.Encode()))
	return bundleAudience + hex.EncodeToString(sum[:16]) + "." + database
}

func (g *Gateway) issueToken(ctx context.Context, db *userdb.Database, audience string, ttl time.Duration) (string, error) {
	owned, err := g.databases.Lookup(ctx, db.Name)
	if err != nil {
		return "", err
	}
	token, _, err := g.sessions.IssueFor(db.UserID, audience, owned.Credential, ttl)
	return token, err
}
