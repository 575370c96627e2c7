package hooks

import (
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
)

// bindErrorLog logs the cause of every 5xx response, which the client doesn't see, to stderr. PocketBase
// only writes it to its log database, which a full disk or a damaged file makes unavailable when it is
// needed most. Errors that the disk caused are logged and explained first.
func (h handlers) bindErrorLog() {
	h.onServe("logFailures", func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "logFailures", Func: h.logFailures,
			Priority: apis.DefaultActivityLoggerMiddlewarePriority - 1, // sees the error before PocketBase hides it
		})
		return nil
	})
}

func (h handlers) logFailures(e *core.RequestEvent) error {
	err := h.Disk.Explain(e, h.Gateway.ExplainUnavailable(e, e.Next()))
	gateway.LogFailure(h.Log, e, err)
	return err
}
