package hooks

import (
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func bindSession(a *app.App) {
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "sessionApi", Func: func(e *core.ServeEvent) error {
		e.Router.POST("/api/session", renewSession(a)).Bind(apis.RequireAuth(migrations.Users))
		return e.Next()
	}})
}

// renewSession answers with a fresh connection to the caller's database.
func renewSession(a *app.App) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		connection, err := connect(a, e, e.Auth)
		if err != nil {
			return err
		}
		return e.JSON(http.StatusOK, connection)
	}
}
