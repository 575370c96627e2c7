package hooks

import (
	"log/slog"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
)

// requestIDHeader has the id of a request that the lines of the log have, too. It is in every response.
const requestIDHeader = "X-Request-Id"

// bindRequestUsers makes the lines about a request name its user.
func (h handlers) bindRequestUsers() {
	h.onServe("logUser", func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "logUser", Func: logUser,
			Priority: apis.DefaultLoadAuthTokenMiddlewarePriority + 1, // knows the user
		})
		return nil
	})
}

func logUser(e *core.RequestEvent) error {
	if e.Auth != nil {
		gateway.LogCaller(e.Request.Context(), e.Auth.Id, e.Auth.IsSuperuser())
	}
	return e.Next()
}

// identifyRequests gives every request an id. A reverse proxy may have chosen it, so that the proxy's log has the same
// one; clients can't, unless the proxy passes on what they send.
func (h handlers) identifyRequests(next http.Handler) http.Handler {
	isTrusted := len(h.Config.TrustedProxyHeaders) > 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !isTrusted || !logging.IsRequestID(id) {
			id = logging.NewRequestID()
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(logging.With(r.Context(), slog.String(logging.RequestKey, id))))
	})
}
