package hooks

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// bindDisk refuses what a full disk has no space for and reports the state of the disk. Errors of the disk are
// explained in error_log.go and, for user databases, in the gateway.
func (h handlers) bindDisk() {
	bind(h.OnRecordCreateRequest(), "refuseOnFullDisk", h.refuseOnFullDisk)
	h.onServe("reportDisk", func(e *core.ServeEvent) error {
		e.Router.BindFunc(h.reportDisk)
		return nil
	})
}

// refuseOnFullDisk keeps requests from using up the space that deletions need. Changes of accounts, such as a new
// password, are still possible. The ledger, which keeps user databases from filling the disk, doesn't replace this:
// it counts neither the global database nor changes that make no record larger, and once the reserve is released, its
// space looks free to the ledger.
func (h handlers) refuseOnFullDisk(e *core.RecordRequestEvent) error {
	if e.Collection.Name == schema.Transfers { // a link to Loom is small, and completes what has been uploaded
		return e.Next()
	}
	if err := h.Disk.RefuseGrowth(e.RequestEvent); err != nil {
		return err
	}
	return e.Next()
}

// reportDisk adds a full or read-only disk, and which process answers, to the response of the health check. The server remains healthy,
// because restarting it would not help.
func (h handlers) reportDisk(e *core.RequestEvent) error {
	if e.Request.URL.Path != "/api/health" || e.Request.Method != http.MethodGet {
		return e.Next()
	}
	e.Response.Header().Set(app.InstanceHeader, h.Instance)
	problem := h.Disk.Problem()
	if problem == disk.NoFault {
		return e.Next()
	}
	return e.JSON(http.StatusOK, map[string]any{
		"code": http.StatusOK, "message": "API is healthy, but the disk is " + problem.String() + ".",
		"data": map[string]any{"disk": problem.String()},
	})
}
