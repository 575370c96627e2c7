package cli

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

func userdbCommand(a *app.App) *cobra.Command {
	root := group("userdb", "Manage user databases",
		"Manage user databases.\n\n"+
			"Specify a database by its name or its owner's e-mail address. If a server runs on the data\n"+
			"directory, it does the work; otherwise this command does.",
		userdbList(a), userdbShow(a), userdbStats(a), userdbMigrate(a), userdbArchive(a), userdbRestore(a),
		userdbExport(a), userdbImport(a), userdbBundle(a), userdbDelete(a), userdbVerify(a))
	addJSONFlag(root)
	return root
}

func userdbList(a *app.App) *cobra.Command {
	var status string
	command := &cobra.Command{
		Use: "list [NAME ...]", Short: "List user databases",
		Example: "  fathom-to-loom userdb list --status archived",
		RunE: func(command *cobra.Command, names []string) error {
			infos, err := collect(command.Context(), a, operator.ListDatabases, operator.DatabasesRequest{Names: names})
			if err != nil {
				return err
			}
			if status != "" {
				infos = slices.DeleteFunc(infos, func(i userdb.Info) bool { return string(i.Status) != status })
			}
			return write(command, infos, writeDatabases)
		},
	}
	command.Flags().StringVar(&status, "status", "", "only this status: provisioning, ready, archived, deleting or failed")
	return command
}

func userdbShow(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Short: "Show the details of a user database", Args: requireArgs(1, 1, "one user database"),
		Example: "  fathom-to-loom userdb show johndoe@example.com",
		RunE: func(command *cobra.Command, names []string) error {
			details, err := one(command.Context(), a, operator.ShowDatabase, operator.DatabasesRequest{Names: names})
			if err != nil {
				return err
			}
			return write(command, details, writeDatabase)
		},
	}
}

func userdbStats(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "stats", Short: "Show user database counts, disk space and usage", Args: cobra.NoArgs,
		Example: "  fathom-to-loom userdb stats --json",
		RunE: func(command *cobra.Command, _ []string) error {
			stats, err := one(command.Context(), a, operator.CountDatabases, operator.DatabasesRequest{})
			if err != nil {
				return err
			}
			return write(command, stats, writeDatabaseStats)
		},
	}
}

func userdbMigrate(a *app.App) *cobra.Command {
	var all bool
	var parallel int
	command := &cobra.Command{
		Use: "migrate [NAME ...]", Short: "Migrate user databases to the current schema",
		Long: "Migrate user databases to the current schema. This also happens automatically when a\n" +
			"database is opened. Databases that can't be migrated are reported and skipped; run the\n" +
			"command again to retry them.",
		Example: "  fathom-to-loom userdb migrate --all",
		RunE: func(command *cobra.Command, names []string) error {
			if all == (len(names) > 0) {
				return errors.New("specify user databases or --all")
			}
			return changeDatabases(command, a, operator.MigrateDatabases,
				operator.DatabasesRequest{Names: names, Parallel: parallel}, longCommand{"migrate", continueAgain}, "migrated")
		},
	}
	command.Flags().BoolVar(&all, "all", false, "all databases with pending migrations")
	command.Flags().IntVar(&parallel, "parallel", 2, "number of databases to process at once")
	return command
}

func userdbArchive(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "archive NAME ...", Short: "Archive user databases until their owners sign in again", Args: requireArgs(1, math.MaxInt, "user databases"),
		Long: "Archive user databases: compress each into one file. A database is restored automatically\n" +
			"when its owner signs in again.",
		Example: "  fathom-to-loom userdb archive johndoe@example.com",
		RunE: func(command *cobra.Command, names []string) error {
			return changeDatabases(command, a, operator.ArchiveDatabases, operator.DatabasesRequest{Names: names},
				longCommand{"archive", continueAgain}, "archived")
		},
	}
}

func userdbRestore(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "restore NAME ...", Short: "Restore archived or deleted user databases", Args: requireArgs(1, math.MaxInt, "user databases"),
		Long: "Restore archived user databases, or deleted ones whose grace period has not ended. If the\n" +
			"owner's account was deleted too, the command restores it with its password.",
		Example: "  fathom-to-loom userdb restore 2024-01-15-001-johndoe",
		RunE: func(command *cobra.Command, names []string) error {
			return changeDatabases(command, a, operator.RestoreDatabases, operator.DatabasesRequest{Names: names},
				longCommand{"restore", continueAgain}, "restored")
		},
	}
}

func userdbDelete(a *app.App) *cobra.Command {
	var now, yes bool
	command := &cobra.Command{
		Use: "delete NAME ...", Short: "Delete user databases after a grace period", Args: requireArgs(1, math.MaxInt, "user databases"),
		Long: "Delete user databases after the grace period USER_DB_DELETE_GRACE. Until it ends, nobody\n" +
			"can use them, and \"userdb restore\" brings them back. Their owners' accounts are kept.",
		Example: "  fathom-to-loom userdb delete 2024-01-15-001-johndoe\n" +
			"  fathom-to-loom userdb delete 2024-01-15-001-johndoe --now --yes",
		RunE: func(command *cobra.Command, names []string) error {
			if now && !yes {
				return errors.New("--now deletes permanently: add --yes to confirm")
			}
			done := "scheduled for deletion; \"userdb show\" prints the date, \"userdb restore\" undoes it"
			if now {
				done = "deleted"
			}
			return changeDatabases(command, a, operator.DeleteDatabases, operator.DatabasesRequest{Names: names, AtOnce: now},
				longCommand{"delete", continueAgain}, done)
		},
	}
	command.Flags().BoolVar(&now, "now", false, "delete permanently, without a grace period")
	command.Flags().BoolVar(&yes, "yes", false, "confirm --now")
	return command
}

func userdbVerify(a *app.App) *cobra.Command {
	var parallel int
	command := &cobra.Command{
		Use: "verify [NAME ...]", Short: "Check user databases for damage",
		Long: "Check user databases for damage: data keys, files and their permissions, SQLite's\n" +
			"integrity check, owners, recordings, archives, and signing secrets shared by two databases.\n" +
			"The command changes nothing. Without names it checks all databases.",
		Example: "  fathom-to-loom userdb verify",
		RunE: func(command *cobra.Command, names []string) error {
			return verify(command, a, operator.VerifyDatabases, operator.DatabasesRequest{Names: names, Parallel: parallel})
		},
	}
	command.Flags().IntVar(&parallel, "parallel", 2, "number of databases to process at once")
	return command
}

// continueAgain and startAgain say what is true after the interruption of a long command.
const (
	continueAgain = "run the command again to continue"
	startAgain    = "nothing was changed"
)

// changeDatabases runs an operation on user databases and prints the outcome of each. done describes success.
func changeDatabases(
	command *cobra.Command, a *app.App, operation operator.Operation[operator.DatabasesRequest, userdb.Outcome],
	request operator.DatabasesRequest, long longCommand, done string,
) error {
	return withProgress(command, long, func(ctx context.Context) error {
		return writeOutcomes(command, done, func(emit func(userdb.Outcome) error) error {
			return withOwner(ctx, a, operation.ReadOnly, func(client *control.Client) error {
				return operation.Stream(ctx, client, request, emit)
			})
		})
	})
}

// verify runs an operation that checks user databases and prints the problems.
func verify[Request any](
	command *cobra.Command, a *app.App, operation operator.Operation[Request, userdb.Verification], request Request,
) error {
	return withProgress(command, longCommand{"verify", startAgain}, func(ctx context.Context) error {
		verifications, err := collect(ctx, a, operation, request)
		if err != nil {
			return err
		}
		return writeVerifications(command, verifications)
	})
}
