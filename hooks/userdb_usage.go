package hooks

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	usagePerPage = 50
	maxUsagePage = 100_000
	usageTimeout = 3 * time.Second
)

// showUsageByMeeting responds with a page of the meetings and the bytes that they use, the largest first.
func (h handlers) showUsageByMeeting(e *core.RequestEvent) error {
	page, err := strconv.Atoi(e.Request.URL.Query().Get("page"))
	if err != nil || page < 1 {
		page = 1
	}
	page = min(page, maxUsagePage)
	ctx, cancel := context.WithTimeout(e.Request.Context(), usageTimeout)
	defer cancel()
	total, err := e.App.CountRecords(schema.Meetings)
	if err != nil {
		return e.InternalServerError("", err)
	}
	items, err := h.Databases.UsageByMeeting(ctx, gateway.DatabaseOf(e), page, usagePerPage)
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, map[string]any{"page": page, "perPage": usagePerPage, "totalItems": total, "items": items})
}
