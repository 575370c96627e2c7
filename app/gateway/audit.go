package gateway

import (
	"log/slog"
	"net/http"
	"net/url"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/logdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
)

// audit records a superuser's request to a user database, including a refused one, in the server's
// log and in the logs of the admin UI, and that the database was opened in the audit trail of its owner. It uses the warning level, so that neither log hides it at its
// default level.
func (g *Gateway) audit(e *core.RequestEvent, response http.ResponseWriter, state *requestState, err error) {
	status := 0
	if err != nil {
		status = router.ToApiError(err).Status
	} else if tracker, ok := response.(router.StatusTracker); ok {
		status = tracker.Status()
	}
	attributes := []slog.Attr{
		slog.String("superuser", state.principal.superuser.Email()), slog.String(logging.DatabaseKey, state.name),
		slog.String("method", e.Request.Method), slog.String("path", state.subpath+queryWithoutToken(e.Request.URL)),
		slog.Int("status", status), slog.String("address", state.address),
	}
	if state.batch != nil {
		attributes = append(attributes, slog.Any("batch", state.batch))
	}
	if state.handle != nil {
		g.trail.Count(e.Request.Context(), audit.Event{Owner: state.handle.UserID, Kind: audit.DatabaseOpened, Database: state.name, Actor: state.actor(e.Request)})
	}
	const message = "superuser accessed user database"
	g.logger.LogAttrs(e.Request.Context(), slog.LevelWarn, message, attributes...)
	logdb.Add(e.Request.Context(), g.app, slog.LevelWarn, message, attributes...)
}

// actor returns who has sent a request, as the audit trail names them.
func (s *requestState) actor(r *http.Request) audit.Actor {
	actor := audit.Client(r, s.address)
	if s.principal.isSuperuser() {
		actor.Kind, actor.ID, actor.Email = audit.Superuser, s.principal.id, s.principal.superuser.Email()
	}
	return actor
}

// AuditBatch includes the requests of a batch in the audit log.
func AuditBatch(e *core.BatchRequestEvent) {
	state := stateFrom(e.RequestEvent)
	state.batch = []string{}
	for _, request := range e.Batch {
		if request != nil {
			state.batch = append(state.batch, request.Method+" "+request.URL)
		}
	}
}

func queryWithoutToken(u *url.URL) string {
	query := u.Query()
	query.Del("token")
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}
