package hooks

import (
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
)

// bindReads bounds what requests for records of the global database may cost, as the gateway does for user
// databases.
func (h handlers) bindReads() {
	h.onServe("limitReads", func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "limitReads", Func: h.limitReads,
			Priority: apis.DefaultRateLimitMiddlewarePriority + 1, // knows the caller
		})
		return nil
	})
}

func (h handlers) limitReads(e *core.RequestEvent) error {
	caller := readlimit.Caller{Caller: callerOf(e), Superuser: e.HasSuperuserAuth()}
	if !caller.Superuser {
		if err := readlimit.CheckExpand(e.Request.URL.Query()); err != nil {
			return err
		}
	}
	endTurn, err := h.Reads.WaitTurn(e.Response, e.Request, e.Request.URL.Path, caller)
	if err != nil {
		return err
	}
	defer endTurn()
	return h.Reads.Limit(e, caller)
}
