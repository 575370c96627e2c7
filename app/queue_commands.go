package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// queueCommand looks after jobs, beside a running server or without one: see
// operate.
func (a *App) queueCommand() *cobra.Command {
	root := &cobra.Command{
		Use: "queue", Short: "Look after jobs", Args: cobra.NoArgs, RunE: showHelp,
		Long: "Look after jobs.\n\n" +
			"Where a server runs on the data directory it does the work; where none does, this\n" +
			"command. Jobs are selected by their ids, or by --kind, --status and --user.",
	}
	root.PersistentFlags().Bool("json", false, "print JSON")
	root.AddCommand(a.queueList(), a.queueShow(), a.queueRetry(), a.queueCancel(), a.queuePause(), a.queueResume(), a.queuePurge(), a.queueStats())
	return root
}

// askQueue runs an operation that has one answer.
func askQueue[T any](ctx context.Context, a *App, name string, op queueOperation) (answer T, err error) {
	answers, err := collect[T](ctx, a, name, op)
	if err != nil {
		return answer, err
	}
	return answers[0], nil
}

// selectJobs adds the flags that select jobs.
func selectJobs(command *cobra.Command, op *queueOperation, status string) {
	command.Flags().StringVar(&op.Kind, "kind", "", "only those of a kind, such as recording.transfer")
	command.Flags().StringVar(&op.Email, "user", "", "only those of a user, by e-mail address or id")
	command.Flags().StringVar((*string)(&op.Status), "status", "", status)
}

func (a *App) queueList() *cobra.Command {
	var op queueOperation
	command := &cobra.Command{
		Use: "list", Short: "List jobs, the newest first", Args: cobra.NoArgs,
		Example: "  fathom-to-loom queue list --status dead\n  fathom-to-loom queue list --user johndoe@example.com --json",
		RunE: func(command *cobra.Command, _ []string) error {
			jobs, err := collect[queue.Info](command.Context(), a, opQueueList, op)
			if err != nil {
				return err
			}
			if wantsJSON(command) {
				return printJSON(command.OutOrStdout(), jobs)
			}
			return printJobs(command.OutOrStdout(), jobs, op.Limit)
		},
	}
	selectJobs(command, &op, "only those of a status: pending, processing, failed, completed, dead or cancelled")
	command.Flags().IntVar(&op.Limit, "limit", 100, "at most so many; 0 for all")
	return command
}

func (a *App) queueShow() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show everything about a job, with its attempts", Args: cobra.ExactArgs(1),
		Example: "  fathom-to-loom queue show 1k2x9d7c3v5b8n0",
		RunE: func(command *cobra.Command, ids []string) error {
			jobs, err := collect[queue.Info](command.Context(), a, opQueueList, queueOperation{Selection: queue.Selection{IDs: ids}})
			if err != nil {
				return err
			}
			if len(jobs) == 0 {
				return errors.New("there is no job " + ids[0])
			}
			if wantsJSON(command) {
				return printJSON(command.OutOrStdout(), jobs[0])
			}
			return printJob(command.OutOrStdout(), jobs[0])
		},
	}
}

func (a *App) queueRetry() *cobra.Command {
	command := &cobra.Command{
		Use: "retry [ID ...]", Short: "Have jobs tried again, now",
		Long: "Have dead, cancelled or failed jobs tried again, now. Without ids it needs a selection\n" +
			"or --all, and means dead ones unless --status says otherwise.",
		Example: "  fathom-to-loom queue retry 1k2x9d7c3v5b8n0\n  fathom-to-loom queue retry --kind recording.transfer --status dead",
	}
	return a.changeJobs(command, opQueueRetry, "queued again", "only those of a status: dead, cancelled or failed")
}

func (a *App) queueCancel() *cobra.Command {
	command := &cobra.Command{
		Use: "cancel [ID ...]", Short: "Cancel waiting and running jobs",
		Long: "Cancel jobs: waiting ones at once, running ones as soon as they have stopped. Without\n" +
			"ids it needs a selection or --all.",
		Example: "  fathom-to-loom queue cancel 1k2x9d7c3v5b8n0\n  fathom-to-loom queue cancel --user johndoe@example.com",
	}
	return a.changeJobs(command, opQueueCancel, "cancelled, or about to be", "only those of a status: pending, processing or failed")
}

// changeJobs completes a command that changes a selection of jobs. It fails when a
// job that was named couldn't be changed.
func (a *App) changeJobs(command *cobra.Command, name, done, statuses string) *cobra.Command {
	var op queueOperation
	var all bool
	selectJobs(command, &op, statuses)
	command.Flags().BoolVar(&all, "all", false, "all that there are")
	command.RunE = func(command *cobra.Command, ids []string) error {
		selected := op.Kind != "" || op.Email != "" || op.Status != ""
		if len(ids) == 0 && !selected && !all {
			return errors.New("name the jobs, or say which by --kind, --status or --user, or --all")
		}
		if all && (len(ids) > 0 || selected) {
			return errors.New("--all goes with no other selection")
		}
		op.IDs = ids
		outcome, err := askQueue[queue.BulkResult](command.Context(), a, name, op)
		if err != nil {
			return err
		}
		if wantsJSON(command) {
			err = printJSON(command.OutOrStdout(), outcome)
		} else {
			_, err = fmt.Fprintf(command.OutOrStdout(), "%d %s, %d left as they are\n", outcome.Changed, done, outcome.Skipped)
		}
		if err == nil && len(ids) > 0 && outcome.Skipped > 0 {
			err = fmt.Errorf("%d of %d jobs could not be changed: \"queue show ID\" says what they are", outcome.Skipped, len(ids))
		}
		return err
	}
	return command
}

func (a *App) queuePause() *cobra.Command {
	var op queueOperation
	command := &cobra.Command{
		Use: "pause [KIND]", Short: "Have no more jobs begin", Args: cobra.MaximumNArgs(1),
		Long:    "Have no more jobs of a kind begin, or of all. What runs goes on; what waits waits.",
		Example: "  fathom-to-loom queue pause recording.transfer --reason \"Loom is down\"\n  fathom-to-loom queue pause",
	}
	command.Flags().StringVar(&op.Reason, "reason", "", "for other operators to read")
	return a.pauseOrResume(command, &op, opQueuePause, "paused")
}

func (a *App) queueResume() *cobra.Command {
	command := &cobra.Command{
		Use: "resume [KIND]", Short: "End a pause", Args: cobra.MaximumNArgs(1),
		Long:    "End the pause of a kind, or that of all. Each ends by itself only.",
		Example: "  fathom-to-loom queue resume recording.transfer\n  fathom-to-loom queue resume",
	}
	return a.pauseOrResume(command, &queueOperation{}, opQueueResume, "resumed")
}

func (a *App) pauseOrResume(command *cobra.Command, op *queueOperation, name, done string) *cobra.Command {
	command.RunE = func(command *cobra.Command, kinds []string) error {
		op.Kind = queue.AllKinds
		if len(kinds) > 0 {
			op.Kind = kinds[0]
		}
		paused, err := askQueue[queue.Pauses](command.Context(), a, name, *op)
		if err != nil {
			return err
		}
		if wantsJSON(command) {
			return printJSON(command.OutOrStdout(), map[string]queue.Pauses{"paused": paused})
		}
		_, err = fmt.Fprintf(command.OutOrStdout(), "%s; paused now: %s\n", done, listOf(paused))
		return err
	}
	return command
}

func (a *App) queuePurge() *cobra.Command {
	op := queueOperation{}
	olderThan := config.Duration(0)
	command := &cobra.Command{
		Use: "purge", Short: "Delete ended jobs", Args: cobra.NoArgs,
		Long: "Delete ended jobs. That happens by itself, as JOB_KEEP_FINISHED and JOB_KEEP_DEAD say.\n" +
			"What jobs have done stays.",
		Example: "  fathom-to-loom queue purge --status completed --older-than 7d",
		RunE: func(command *cobra.Command, _ []string) error {
			op.OlderThan = time.Duration(olderThan)
			done, err := askQueue[purged](command.Context(), a, opQueuePurge, op)
			if err != nil {
				return err
			}
			if wantsJSON(command) {
				return printJSON(command.OutOrStdout(), done)
			}
			_, err = fmt.Fprintf(command.OutOrStdout(), "%d jobs deleted\n", done.Deleted)
			return err
		},
	}
	command.Flags().StringVar((*string)(&op.Status), "status", "completed", "which: completed, cancelled or dead")
	command.Flags().TextVar(&olderThan, "older-than", config.Duration(30*24*time.Hour), "that ended longer ago than this, such as 7d")
	return command
}

func (a *App) queueStats() *cobra.Command {
	return &cobra.Command{
		Use: "stats", Short: "Count jobs", Args: cobra.NoArgs,
		Example: "  fathom-to-loom queue stats --json",
		RunE: func(command *cobra.Command, _ []string) error {
			stats, err := askQueue[queue.Stats](command.Context(), a, opQueueStats, queueOperation{})
			if err != nil {
				return err
			}
			if wantsJSON(command) {
				return printJSON(command.OutOrStdout(), stats)
			}
			return printQueueStats(command.OutOrStdout(), stats)
		},
	}
}
