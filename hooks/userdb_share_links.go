package hooks

import (
	"fmt"
	"net/http"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

const maxPastedText = 64 << 10 // bytes

// acceptPastedLinks saves the share links that a text contains in the transfers that they belong to, and responds with
// what became of each.
func (h handlers) acceptPastedLinks(e *core.RequestEvent) error {
	var body struct {
		Text string `json:"text"`
	}
	if err := bindJSON(e, &body, "text"); err != nil {
		return err
	}
	refuse := func(message string) error {
		return e.BadRequestError(message, validation.Errors{"text": validation.NewError("validation_share_links", message)})
	}
	if len(body.Text) > maxPastedText {
		return refuse("This text is too long. Paste up to 64 KB at once.")
	}
	db := gateway.DatabaseOf(e)
	links, others := h.Transfers.FindLinks(body.Text)
	switch {
	case len(links) == 0 && len(others) == 0:
		return refuse(h.Transfers.NoLinkMessage())
	case len(links) > limit.MaxShareLinks:
		return refuse(fmt.Sprintf("This text contains %d links. Paste up to %d at once.", len(links), limit.MaxShareLinks))
	}
	if wait, ok := h.shareLinks.TakeMany(limit.Account(db.UserID), len(links)); !ok {
		setRetryAfter(e, wait)
		return e.TooManyRequestsError("Too many share links at once. Try again in a moment.", nil)
	}
	result, err := h.Transfers.AcceptPastedLinks(e.Request.Context(), db, links)
	if err != nil {
		return e.InternalServerError("", err)
	}
	result.Unknown = append(result.Unknown, others...)
	return e.JSON(http.StatusOK, result)
}
