// Package hooks binds PocketBase's events, routes and crons; no other package does. There is one file per
// topic, with the bindings first.
//
// Handlers run concurrently. They must stay thin: check the request, call the services of app and respond.
package hooks

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

// handlers contains the handlers of the global PocketBase. The services exist before the first event:
// Bootstrap creates them before it opens the global database.
type handlers struct {
	*app.App
	proxies    *proxyWarning
	shareLinks *limit.Rate // of each user
	newJobs    *limit.Rate // of each user
	loomCalls  *limit.Rate // of each user
}

// Register binds every hook of the program. Call it once, before the App is prepared.
func Register(a *app.App) {
	h := handlers{
		App: a, proxies: &proxyWarning{},
		shareLinks: limit.NewRate(limit.ShareLinksPerSecond, limit.ShareLinkBurst, time.Now),
		newJobs:    limit.NewRate(limit.JobsPerSecond, limit.JobBurst, time.Now),
		loomCalls:  limit.NewRate(limit.LoomCallsPerSecond, limit.LoomCallBurst, time.Now),
	}
	h.bindLifecycle()
	h.bindSettings()
	h.bindRequestUsers()
	h.bindErrorLog()
	h.bindDisk()
	h.bindHealth()
	h.bindMetrics()
	h.bindCallerLimits()
	h.bindSignUpLimits()
	h.bindSignInGuard()
	h.bindMailLimits()
	h.bindAccountMails()
	h.bindAccountSecurity()
	h.bindTwoStep()
	h.bindOAuth2Redirect()
	h.bindActivityLog()
	h.bindAuditEvents()
	h.bindAuditAccounts()
	h.bindAuditDatabases()
	h.bindReads()
	h.bindBatches()
	h.bindSendmail()
	h.bindRealtime()
	h.bindRealtimeOwners()
	h.bindSuperuserGuards()
	h.bindSignUp()
	h.bindEmailCase()
	h.bindUsers()
	h.bindUserDatabases()
	h.bindRevocation()
	h.bindSession()
	h.bindAPITokens()
	h.bindAPITokenAccess()
	h.bindAssistants()
	h.bindShares()
	h.bindSharePages()
	h.bindOAuth()
	h.bindJobs()
	h.bindJobsAPI()
	h.bindOperatorJobs()
	h.bindOperatorUsers()
	h.bindQueuePauses()
	h.bindJobSchedules()
	h.bindCrons()
	h.bindAdminUI()
	h.bindProxyWarning()
	h.bindFathomWebhook()
	h.bindUnsubscribe()
	h.bindWebApp()
	h.bindUserDatabase()
	h.bindUserDatabaseRoutes()
}

// event is an event of PocketBase, whether bound for all collections or for some.
type event[E hook.Resolver] interface {
	Bind(handler *hook.Handler[E]) string
	Length() int // of the handlers
}

// bind adds a handler to an event.
func bind[E hook.Resolver](to event[E], id string, handle func(E) error) {
	bindWithPriority(to, id, 0, handle)
}

// bindWithPriority adds a handler that wraps those with a higher priority. Handlers with the same
// priority run in the order in which they were bound.
func bindWithPriority[E hook.Resolver](to event[E], id string, priority int, handle func(E) error) {
	before := to.Length()
	to.Bind(&hook.Handler[E]{Id: id, Priority: priority, Func: handle})
	if to.Length() == before { // an id is that of one handler, for whichever collections it is bound
		panic("hooks: handler " + id + " replaces another handler of its event")
	}
}

// onServe runs a step, such as adding routes, while the server starts.
func (h handlers) onServe(id string, step func(*core.ServeEvent) error) {
	bind(h.OnServe(), id, func(e *core.ServeEvent) error {
		if err := step(e); err != nil {
			return err
		}
		return e.Next()
	})
}

// inTransaction runs handle in a transaction. app points to the event's App field, which is the transaction
// in the meantime, so that later handlers of the event use it too.
func inTransaction(app *core.App, handle func() error) error {
	outer := *app
	defer func() { *app = outer }()
	return outer.RunInTransaction(func(tx core.App) error {
		*app = tx
		return handle()
	})
}
