package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/clock"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/health"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// buildHealth creates the checks behind /readyz. Those that doctor makes, too, use the same limits and advice.
func (a *App) buildHealth() {
	a.Health = health.New(
		health.Check{Name: "database", Essential: true, Run: a.checkDatabase},
		health.Check{Name: "worker", Essential: true, Run: a.checkWorker},
		health.Check{Name: "disk", Run: a.checkDisks},
		health.Check{Name: "backup", Run: a.newBackupCheck(time.Now())},
		health.Check{Name: "clock", Run: a.checkClock},
	)
}

// checkDatabase reads a row of the global database.
func (a *App) checkDatabase(ctx context.Context) *health.Problem {
	var found int
	err := a.ConcurrentDB().Select("COUNT(*)").From(migrations.QueuePauses).WithContext(ctx).Row(&found)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return &health.Problem{Message: "the global database doesn't answer", Advice: "Find out what uses the disk of DATA_DIR, and restart the server if nothing does"}
	default:
		return &health.Problem{Message: "the global database can't be read: " + err.Error(), Advice: "Run fathom-to-loom doctor, and restore a backup if the file is damaged"}
	}
}

// checkWorker reports a worker that claims no jobs. On a full disk it can't, which checkDisks reports.
func (a *App) checkWorker(context.Context) *health.Problem {
	err := a.Worker.Stalled()
	switch {
	case err == nil, a.Disk.Problem() != disk.NoFault && !errors.Is(err, worker.ErrNotRunning):
		return nil
	case errors.Is(err, worker.ErrNotRunning):
		return &health.Problem{Message: "no jobs run, because the worker has not started", Advice: "Wait, and read the log if this takes longer than a minute"}
	default:
		return &health.Problem{Message: "no jobs start: failed to " + err.Error(), Advice: "Read the log, and restart the server if it doesn't recover"}
	}
}

// checkDisks reports what the monitor of the disks has found.
func (a *App) checkDisks(context.Context) *health.Problem {
	for _, volume := range a.Disk.Volumes() {
		switch {
		case volume.ReadOnly:
			return &health.Problem{Message: "the disk of " + volume.Dir + " is read-only", Advice: "Mount its file system for writing, and read the kernel's log (dmesg)"}
		case volume.Full:
			return &health.Problem{
				Message: fmt.Sprintf("the disk of %s is full: %s are free, and only reading, exporting and deleting is possible", volume.Dir, humanize.Bytes(uint64(max(volume.Free, 0)))),
				Advice:  disk.FullAdvice,
			}
		case volume.Reserve < disk.ReserveSize:
			return &health.Problem{
				Message: fmt.Sprintf("only %s are free on the disk of %s, which is too little for the reserve", humanize.Bytes(uint64(max(volume.Free, 0))), volume.Dir),
				Advice:  disk.FullAdvice,
			}
		}
	}
	return nil
}

// newBackupCheck returns a check of the last backups. A server that has just begun to have backups needs one only after
// some time.
func (a *App) newBackupCheck(started time.Time) func(context.Context) *health.Problem {
	return func(context.Context) *health.Problem {
		if a.Backups == nil {
			return nil // doctor reports it; a probe that always complains is no help
		}
		status, err := backup.ReadStatus(a.DataDir())
		newest := status.LastSuccess
		if newest.IsZero() {
			newest = started
		}
		switch age := time.Since(newest); {
		case err != nil:
			return &health.Problem{Message: err.Error(), Advice: backup.Advice}
		case status.LastError != "":
			return &health.Problem{Message: "the last backup failed " + humanize.Time(status.LastFailure) + ": " + status.LastError, Advice: backup.Advice}
		case age > backup.OldAfter && status.LastSuccess.IsZero():
			return &health.Problem{Message: "there is no backup yet", Advice: "Run fathom-to-loom backup create"}
		case age > backup.OldAfter:
			return &health.Problem{
				Message: "the newest backup is old: it was made " + humanize.Time(newest),
				Advice:  "Find out in the log why there is no newer one, and run fathom-to-loom backup create",
			}
		}
		return nil
	}
}

// checkClock reports that the clock has jumped.
func (a *App) checkClock(context.Context) *health.Problem {
	held := a.Clock.Held()
	if held == 0 {
		return nil
	}
	return &health.Problem{
		Message: fmt.Sprintf("the clock jumped or the server was stopped for long, so that deletions wait for %s", held.Round(time.Minute)),
		Advice:  clock.Advice,
	}
}
