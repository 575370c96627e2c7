package hooks

import (
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
)

// bindFailures puts what a 5xx hides from the client into the log on stderr.
// PocketBase writes it to its own log database only, which a full disk or a
// broken file takes away at the very moment it is needed.
func bindFailures(a *app.App) {
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "logFailures", Func: func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "logFailures", Priority: apis.DefaultActivityLoggerMiddlewarePriority - 1, Func: logFailures(a)})
		return e.Next()
	}})
}

func logFailures(a *app.App) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		err := e.Next()
		gateway.LogFailure(a.Log, e, err)
		return err
	}
}
