package hooks

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/logdb"
)

// bindCrons runs maintenance in the cron of the global database. User databases have no crons of their own.
func (h handlers) bindCrons() {
	h.onServe("crons", func(e *core.ServeEvent) error {
		for _, job := range []struct {
			id, schedule string
			run          func(context.Context) error
		}{
			{"pollQueue", "* * * * *", h.pollQueue},
			{"jobRetention", "23 * * * *", h.Queue.ApplyRetention},
			{"fathomMessages", "29 * * * *", h.Transfers.PruneEndpoints},
			{"atlassianGrants", "31 * * * *", h.revokeGrants},
			{"signInNetworks", "47 4 * * *", h.SignIn.Prune},
			{"userDatabaseRetention", "7 * * * *", h.Databases.ApplyRetention},
			{"unusedAccounts", "13 * * * *", h.Accounts.RemoveUnused},
			{"logRetention", "53 * * * *", func(ctx context.Context) error { return logdb.Shrink(ctx, h.App, logdb.MaxGlobal) }},
			{"userDatabaseMaintenance", "37 3 * * *", h.Databases.Maintain},
			{optimizeJob, "0 0 * * *", h.optimizeDatabase}, // instead of PocketBase's own
		} {
			err := e.App.Cron().Add(job.id, job.schedule, func() {
				// Stop cancels the work and waits for it.
				if err := h.Databases.RunUntilStop(job.run); err != nil {
					h.Log.Error("failed to run maintenance", "job", job.id, "error", err)
				}
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// revokeGrants tries again to revoke grants of Atlassian that are no longer used.
func (h handlers) revokeGrants(context.Context) error {
	h.LoomAccounts.RevokeGrantsLater()
	return nil
}

// pollQueue lets an operator start a poll in the admin UI, and bounds the time without one if
// QUEUE_POLL_INTERVAL is long.
func (h handlers) pollQueue(context.Context) error {
	h.Worker.Poll()
	return nil
}
