package hooks

import (
	"context"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/logdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// bindCrons runs maintenance in the cron of the global database. User databases have no crons of their own.
func (h handlers) bindCrons() {
	h.onServe("crons", func(e *core.ServeEvent) error {
		if err := h.addBackupCron(e.App); err != nil {
			return err
		}
		for _, job := range []struct {
			id, schedule string
			run          func(context.Context) error
		}{
			{"clock", "* * * * *", h.Clock.Check},
			{"pollQueue", "* * * * *", h.pollQueue},
			{"jobRetention", "23 * * * *", h.ifClockIsRight(h.Queue.ApplyRetention)},
			{"fathomMessages", "29 * * * *", h.ifClockIsRight(h.Transfers.PruneEndpoints)},
			{"atlassianGrants", "31 * * * *", h.revokeGrants},
			{"auditTrail", "41 * * * *", h.ifClockIsRight(h.Audit.Prune)},
			{"apiTokens", "43 4 * * *", h.ifClockIsRight(h.Tokens.Prune)},
			{"shares", "45 4 * * *", h.ifClockIsRight(h.Shares.Prune)},
			{"signInNetworks", "47 4 * * *", h.ifClockIsRight(h.SignIn.Prune)},
			{"userDatabaseRetention", "7 * * * *", h.ifClockIsRight(h.Databases.ApplyRetention)},
			{"unusedAccounts", "13 * * * *", h.ifClockIsRight(h.Accounts.RemoveUnused)},
			{"logRetention", "53 * * * *", func(ctx context.Context) error { return logdb.Shrink(ctx, h.App, logdb.MaxGlobal) }},
			{"userDatabaseMaintenance", "37 3 * * *", h.ifClockIsRight(h.Databases.Maintain)},
			{optimizeJob, "0 0 * * *", h.optimizeDatabase}, // instead of PocketBase's own
		} {
			err := e.App.Cron().Add(job.id, job.schedule, func() {
				// Stop cancels the work and waits for it.
				err := h.Databases.RunUntilStop(job.run)
				if err != nil && !isStopped(err) {
					h.Log.Error("failed to run maintenance", "cron", job.id, "error", err)
				}
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// addBackupCron creates backups by a schedule, if there is a destination for them.
func (h handlers) addBackupCron(pb core.App) error {
	schedule := string(h.Config.BackupCron)
	if h.Backups == nil || schedule == "" {
		return nil
	}
	return pb.Cron().Add("backup", schedule, func() {
		err := h.Databases.RunUntilStop(h.Backups.Run)
		switch {
		case errors.Is(err, backup.ErrRunning), isStopped(err):
			h.Log.Info("scheduled backup did not run to its end", "reason", err)
		case err != nil:
			h.Log.Error("failed to create a complete backup: solve what the error says and run \"fathom-to-loom backup create\"", "error", err)
		}
	})
}

// isStopped reports whether work did not run or ended early because the server starts or stops. Its next
// run does it.
func isStopped(err error) bool {
	return errors.Is(err, userdb.ErrClosed) || errors.Is(err, context.Canceled)
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

// ifClockIsRight skips runs that delete what is old while the clock can't be relied on. The next run catches up.
func (h handlers) ifClockIsRight(run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if !h.Clock.MayDelete() {
			return nil
		}
		return run(ctx)
	}
}
