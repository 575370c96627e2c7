package cli

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func queueCommand(a *app.App) *cobra.Command {
	root := group("queue", "Manage jobs",
		"Manage jobs.\n\n"+
			"Select jobs by their ids, or by --kind, --status and --user. If a server runs on the data\n"+
			"directory, it does the work; otherwise this command does.",
		queueList(a), queueShow(a), queueRetry(a), queueCancel(a), queuePause(a), queueResume(a), queuePurge(a), queueStats(a))
	addJSONFlag(root)
	return root
}

// addSelectionFlags adds the flags that select jobs.
func addSelectionFlags(command *cobra.Command, request *operator.JobsRequest, statuses string) {
	command.Flags().StringVar(&request.Kind, "kind", "", "only this kind, such as recording.transfer")
	command.Flags().StringVar(&request.User, "user", "", "only this user's jobs, by e-mail address or id")
	command.Flags().StringVar((*string)(&request.Status), "status", "", "only this status: "+statuses)
}

func queueList(a *app.App) *cobra.Command {
	var request operator.JobsRequest
	command := &cobra.Command{
		Use: "list", Short: "List jobs, newest first", Args: cobra.NoArgs,
		Example: "  fathom-to-loom queue list --status dead\n  fathom-to-loom queue list --user johndoe@example.com --json",
		RunE: func(command *cobra.Command, _ []string) error {
			jobs, err := collect(command.Context(), a, operator.ListJobs, request)
			if err != nil {
				return err
			}
			return write(command, jobs, func(to io.Writer, jobs []queue.Info) error { return writeJobs(to, jobs, request.Limit) })
		},
	}
	addSelectionFlags(command, &request, "pending, processing, failed, completed, dead or cancelled")
	command.Flags().IntVar(&request.Limit, "limit", 100, "maximum number of jobs; 0 lists all")
	return command
}

func queueShow(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show the details of a job, with its attempts", Args: requireArgs(1, 1, "one job id"),
		Example: "  fathom-to-loom queue show 1k2x9d7c3v5b8n0",
		RunE: func(command *cobra.Command, ids []string) error {
			jobs, err := collect(command.Context(), a, operator.ListJobs, operator.JobsRequest{Selection: queue.Selection{IDs: ids}})
			if err != nil {
				return err
			}
			if len(jobs) == 0 {
				return fmt.Errorf("job %s not found", ids[0])
			}
			return write(command, jobs[0], writeJob)
		},
	}
}

func queueRetry(a *app.App) *cobra.Command {
	return changeJobs(a, operator.RetryJobs, "queued again", "dead, cancelled or failed", &cobra.Command{
		Use: "retry [ID ...]", Short: "Retry jobs now",
		Long: "Retry dead, cancelled or failed jobs now. Without ids, select jobs with flags or --all.\n" +
			"Such a selection contains only dead jobs unless --status is set.",
		Example: "  fathom-to-loom queue retry 1k2x9d7c3v5b8n0\n  fathom-to-loom queue retry --kind recording.transfer --status dead",
	})
}

func queueCancel(a *app.App) *cobra.Command {
	return changeJobs(a, operator.CancelJobs, "cancelled or stopping", "pending, processing or failed", &cobra.Command{
		Use: "cancel [ID ...]", Short: "Cancel waiting and running jobs",
		Long: "Cancel jobs. Waiting jobs are cancelled at once, running jobs as soon as they have\n" +
			"stopped. Without ids, select jobs with flags or --all.",
		Example: "  fathom-to-loom queue cancel 1k2x9d7c3v5b8n0\n  fathom-to-loom queue cancel --user johndoe@example.com",
	})
}

// changeJobs adds flags and RunE to a command that changes the selected jobs. The command fails if a job that
// was specified by its id could not be changed.
func changeJobs(
	a *app.App, operation operator.Operation[operator.JobsRequest, queue.BulkResult], done, statuses string, command *cobra.Command,
) *cobra.Command {
	var request operator.JobsRequest
	var all bool
	addSelectionFlags(command, &request, statuses)
	command.Flags().BoolVar(&all, "all", false, "all jobs")
	command.RunE = func(command *cobra.Command, ids []string) error {
		selected := request.Kind != "" || request.User != "" || request.Status != ""
		if len(ids) == 0 && !selected && !all {
			return errors.New("specify job ids, --kind, --status, --user or --all")
		}
		if all && (len(ids) > 0 || selected) {
			return errors.New("--all can't be combined with another selection")
		}
		request.IDs = ids
		result, err := one(command.Context(), a, operation, request)
		if err != nil {
			return err
		}
		err = write(command, result, func(to io.Writer, result queue.BulkResult) error {
			_, err := fmt.Fprintf(to, "%d %s, %d unchanged\n", result.Changed, done, result.Skipped)
			return err
		})
		if err == nil && len(ids) > 0 && result.Skipped > 0 {
			err = fmt.Errorf("%d of %d jobs could not be changed: see \"fathom-to-loom queue show ID\"", result.Skipped, len(ids))
		}
		return err
	}
	return command
}

func queuePause(a *app.App) *cobra.Command {
	var request operator.JobsRequest
	command := &cobra.Command{
		Use: "pause [KIND]", Short: "Stop starting new jobs", Args: requireArgs(0, 1, "at most one kind"),
		Long: "Stop starting new jobs of a kind, of all kinds that need a service (needs:fathom) or, without\n" +
			"an argument, of all kinds. Running jobs finish; waiting jobs start when the pause ends.",
		Example: "  fathom-to-loom queue pause recording.transfer --reason \"Loom is down\"\n" +
			"  fathom-to-loom queue pause needs:fathom --user johndoe@example.com\n  fathom-to-loom queue pause",
	}
	addPausedUserFlag(command, &request)
	command.Flags().StringVar(&request.Reason, "reason", "", "why the jobs are paused, shown to other operators")
	return pauseOrResume(a, operator.PauseQueue, &request, "now paused", command)
}

func queueResume(a *app.App) *cobra.Command {
	var request operator.JobsRequest
	command := &cobra.Command{
		Use: "resume [KIND]", Short: "End a pause", Args: requireArgs(0, 1, "at most one kind"),
		Long: "End the pause of a kind, of a service (needs:fathom) or, without an argument, the pause of\n" +
			"all kinds, whether an operator or the server created it. Other pauses remain: resuming one\n" +
			"kind does not end a pause of all kinds, nor the reverse, and a user's pauses need --user.\n" +
			"\"queue stats\" lists all pauses.",
		Example: "  fathom-to-loom queue resume recording.transfer\n" +
			"  fathom-to-loom queue resume needs:fathom --user johndoe@example.com\n  fathom-to-loom queue resume",
	}
	addPausedUserFlag(command, &request)
	return pauseOrResume(a, operator.ResumeQueue, &request, "resumed; still paused", command)
}

func addPausedUserFlag(command *cobra.Command, request *operator.JobsRequest) {
	command.Flags().StringVar(&request.User, "user", "", "only this user's jobs, by e-mail address or id")
}

// pauseOrResume adds RunE to a command that pauses or resumes kinds of jobs. The command prints label and the
// kinds that are paused afterwards.
func pauseOrResume(
	a *app.App, operation operator.Operation[operator.JobsRequest, queue.Pauses], request *operator.JobsRequest, label string,
	command *cobra.Command,
) *cobra.Command {
	command.RunE = func(command *cobra.Command, kinds []string) error {
		request.Kind = queue.AllKinds
		if len(kinds) > 0 {
			request.Kind = kinds[0]
		}
		paused, err := one(command.Context(), a, operation, *request)
		if err != nil {
			return err
		}
		return write(command, map[string]queue.Pauses{"paused": paused}, func(to io.Writer, _ map[string]queue.Pauses) error {
			_, err := fmt.Fprintf(to, "%s: %s\n", label, formatPauses(paused))
			return err
		})
	}
	return command
}

func queuePurge(a *app.App) *cobra.Command {
	request := operator.JobsRequest{}
	olderThan := config.Duration(0)
	command := &cobra.Command{
		Use: "purge", Short: "Delete ended jobs", Args: cobra.NoArgs,
		Long: "Delete ended jobs. The server also does this automatically (see JOB_KEEP_FINISHED and\n" +
			"JOB_KEEP_DEAD). Meetings and recordings are kept.",
		Example: "  fathom-to-loom queue purge --status completed --older-than 7d",
		RunE: func(command *cobra.Command, _ []string) error {
			request.OlderThan = time.Duration(olderThan)
			purged, err := one(command.Context(), a, operator.PurgeJobs, request)
			if err != nil {
				return err
			}
			return write(command, purged, func(to io.Writer, purged operator.Purged) error {
				_, err := fmt.Fprintln(to, english.Plural(purged.Deleted, "job", "")+" deleted")
				return err
			})
		},
	}
	command.Flags().StringVar((*string)(&request.Status), "status", "completed", "status of the jobs to delete: completed, cancelled or dead")
	command.Flags().TextVar(&olderThan, "older-than", config.Duration(30*24*time.Hour), "only jobs that ended at least this long ago, such as 7d")
	return command
}

func queueStats(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "stats", Short: "Show job counts and pauses", Args: cobra.NoArgs,
		Example: "  fathom-to-loom queue stats --json",
		RunE: func(command *cobra.Command, _ []string) error {
			stats, err := one(command.Context(), a, operator.CountJobs, operator.JobsRequest{})
			if err != nil {
				return err
			}
			return write(command, stats, func(to io.Writer, stats queue.Stats) error { return writeJobStats(to, stats, time.Now()) })
		},
	}
}
