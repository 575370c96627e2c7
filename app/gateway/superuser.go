package gateway

import (
	"context"
	_ "embed"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/ui"
	"github.com/spf13/cast"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

var errNoSuperuser = errors.New("not the token of a superuser")

// A superuser of the global database may look into every user's database, with
// the very token they have there. They are no record in it: PocketBase is handed
// one that is never stored.

// admitSuperuser takes a token of PocketBase's own for what it is, if it is a
// superuser's. The error is an answer.
func (g *Gateway) admitSuperuser(e *core.RequestEvent, token string, route routeKind) (visitor, bool, error) {
	kind := core.TokenTypeAuth
	if route == routeFile && bearer(e.Request) == "" {
		token, kind = e.Request.URL.Query().Get("token"), core.TokenTypeFile
	}
	// Without a look at the database whatever anybody sends would cost a query.
	claims, err := security.ParseUnverifiedJWT(token)
	if err != nil || claims[core.TokenClaimType] != kind {
		return visitor{}, false, nil
	}
	superuser, err := g.superuserOf(token, kind)
	if err != nil {
		return visitor{}, false, nil
	}
	if allowed := g.app.Settings().SuperuserIPs; len(allowed) > 0 && !inAny(e.RealIP(), allowed) {
		return visitor{}, false, e.ForbiddenError("", nil)
	}
	return visitor{
		id: superuser.Id, superuser: superuser, expires: time.Unix(cast.ToInt64(claims["exp"]), 0),
		recheck: func(context.Context) error {
			now, err := g.app.FindRecordById(core.CollectionNameSuperusers, superuser.Id)
			if err == nil && now.TokenKey() != superuser.TokenKey() {
				err = errNoSuperuser
			}
			return err
		},
	}, true, nil
}

func (g *Gateway) superuserOf(token, kind string) (*core.Record, error) {
	record, err := g.app.FindAuthRecordByToken(token, kind)
	if err == nil && !record.IsSuperuser() {
		err = errNoSuperuser
	}
	return record, err
}

// superuserIn is a superuser as PocketBase sees one inside a user database.
func superuserIn(db *userdb.Database, superuser *core.Record) *core.Record {
	collection, err := db.App.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return nil // a guest: PocketBase always has this collection
	}
	record := core.NewRecord(collection)
	record.Id = superuser.Id
	record.SetEmail(superuser.Email())
	record.MarkAsNotNew()
	return record
}

// inAny reports whether an address is one of a list or in one of its networks.
func inAny(address string, list []string) bool {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	for _, item := range list {
		if network, err := netip.ParsePrefix(item); err == nil && network.Contains(ip.Unmap()) {
			return true
		}
		if one, err := netip.ParseAddr(item); err == nil && one.Unmap() == ip.Unmap() {
			return true
		}
	}
	return false
}

// signInSuperuser passes the sign-in of a superuser on to the global database.
func (g *Gateway) signInSuperuser(e *core.RequestEvent, tail string) error {
	request := e.Request.Clone(e.Request.Context())
	request.URL.Path, request.URL.RawPath = tail, ""
	request.RequestURI = request.URL.RequestURI()
	g.global.ServeHTTP(e.Response, request)
	return nil
}

// audit writes down what a superuser did in a user's database or was refused, in
// the server's log and among the logs of the admin UI: as a warning, so that it is
// there whatever their level is.
func (g *Gateway) audit(e *core.RequestEvent, answer http.ResponseWriter, name string, visit *visit, err error) {
	status := 0
	if err != nil {
		status = router.ToApiError(err).Status
	} else if tracker, ok := answer.(router.StatusTracker); ok {
		status = tracker.Status()
	}
	attributes := []any{
		"superuser", visit.visitor.superuser.Email(), "database", name, "method", e.Request.Method,
		"path", pathOf(e.Request) + withoutToken(e.Request.URL.Query()), "status", status, "address", visit.address,
	}
	if visit.batch != nil {
		attributes = append(attributes, "batch", visit.batch)
	}
	const message = "superuser in a user database"
	g.logger.Warn(message, attributes...)
	g.app.Logger().Warn(message, attributes...)
}

// NoteBatch has the audit tell what a batch consists of.
func NoteBatch(e *core.BatchRequestEvent) {
	visit := visitOf(e.RequestEvent)
	visit.batch = []string{}
	for _, request := range e.Batch {
		if request != nil {
			visit.batch = append(visit.batch, request.Method+" "+request.URL)
		}
	}
}

func withoutToken(query url.Values) string {
	query.Del("token")
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

//go:embed admin_ui.js
var adminUIExtension []byte

// adminUIPolicy lets the admin UI run its own scripts and talk to this server.
const adminUIPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; " +
	"script-src 'self'; frame-ancestors 'none'"

// bindAdminUI serves PocketBase's admin UI, which is the same for every database
// and tells nothing of it.
func bindAdminUI(r *router.Router[*core.RequestEvent], prefix string) {
	if ui.DistDirFS == nil {
		return
	}
	files := apis.Static(ui.DistDirFS, false)
	r.GET(prefix, func(e *core.RequestEvent) error {
		return e.Redirect(http.StatusTemporaryRedirect, e.Request.URL.Path+"/")
	})
	r.GET(prefix+"/extensions.js", func(e *core.RequestEvent) error {
		return e.Blob(http.StatusOK, "text/javascript", adminUIExtension)
	})
	r.GET(prefix+"/{path...}", func(e *core.RequestEvent) error {
		if !registry.ValidName(nameOf(e.Request)) {
			return e.NotFoundError("", nil)
		}
		header := e.Response.Header()
		setSecurityHeaders(header)
		header.Set("Content-Security-Policy", adminUIPolicy)
		if strings.HasPrefix(e.Request.PathValue("path"), "assets/") { // their names change with their content
			header.Set("Cache-Control", "max-age=1209600, stale-while-revalidate=86400")
		}
		return files(e)
	}).Bind(apis.Gzip())
}
