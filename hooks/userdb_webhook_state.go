package hooks

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
)

// showWebhookState responds with the state of the webhook at Fathom.
func (h handlers) showWebhookState(e *core.RequestEvent) error {
	state, err := h.Transfers.WebhookState(gateway.DatabaseOf(e))
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, state)
}
