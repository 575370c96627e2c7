package hooks

import (
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func (h handlers) bindSession() {
	h.onServe("sessionApi", func(e *core.ServeEvent) error {
		e.Router.POST("/api/session", h.renewSession).Bind(apis.RequireAuth(migrations.Users))
		return nil
	})
}

// renewSession responds with the URL of the caller's database and a new session for it.
func (h handlers) renewSession(e *core.RequestEvent) error {
	opened, err := h.openSession(e, e.Auth)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, opened)
}
