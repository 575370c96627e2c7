package hooks

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/logdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// bindActivityLog replaces PocketBase's log of requests, which writes every request to the log database,
// including anonymous and refused ones. What remains are the requests of superusers, and failures of the
// server, which LogFailure writes to the server's own log.
func (h handlers) bindActivityLog() {
	h.onServe("activityLog", func(e *core.ServeEvent) error {
		e.Router.Unbind(apis.DefaultActivityLoggerMiddlewareId)
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "activityLog", Func: logActivity,
			Priority: apis.DefaultActivityLoggerMiddlewarePriority,
		})
		return nil
	})
}

func logActivity(e *core.RequestEvent) error {
	started := time.Now()
	err := e.Next()
	status := e.Status()
	if err != nil && status == 0 {
		status = router.ToApiError(err).Status
	}
	isAtLimit := e.Response.Header().Get("Retry-After") != ""
	isFailure := status >= http.StatusInternalServerError && !isAtLimit
	if !isFailure && !e.HasSuperuserAuth() {
		return err
	}
	level := slog.LevelWarn // the lowest level that the log database keeps
	if isFailure {
		level = slog.LevelError
	}
	attributes := []slog.Attr{
		slog.String("type", "request"), // as PocketBase, whose admin UI shows these in its own way
		slog.String("method", e.Request.Method), slog.String("url", sanitize.TruncateBytes(redact.URL(e.Request.URL), 1000)),
		slog.Int("status", status), slog.Float64("execTime", float64(time.Since(started).Microseconds())/1000),
		slog.String("userIP", e.RealIP()), slog.String("remoteIP", e.RemoteIP()),
		slog.String("userAgent", sanitize.TruncateBytes(e.Request.UserAgent(), 200)), slog.String("referer", sanitize.TruncateBytes(redact.Referer(e.Request.Referer()), 200)),
	}
	if err != nil {
		attributes = append(attributes, slog.String("error", sanitize.TruncateBytes(err.Error(), 1000)))
	}
	if e.Auth != nil {
		attributes = append(attributes, slog.String("auth", e.Auth.Collection().Name), slog.String("authId", e.Auth.Id))
	}
	logdb.Add(e.Request.Context(), e.App, level, e.Request.Method+" "+sanitize.TruncateBytes(redact.Path(e.Request.URL.Path), 1000), attributes...)
	return err
}
