package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// userdbCommand looks after user databases, beside a running server or without
// one: see operate.
func (a *App) userdbCommand() *cobra.Command {
	root := &cobra.Command{
		Use: "userdb", Short: "Look after user databases", Args: cobra.NoArgs, RunE: showHelp,
		Long: "Look after user databases.\n\n" +
			"A database is named by its name or by its owner's e-mail address. Where a server\n" +
			"runs on the data directory it does the work; where none does, this command.",
	}
	root.PersistentFlags().Bool("json", false, "print JSON")
	root.AddCommand(
		a.userdbList(), a.userdbShow(), a.userdbStats(), a.userdbMigrate(), a.userdbArchive(), a.userdbRestore(),
		a.userdbExport(), a.userdbDelete(), a.userdbVerify(),
	)
	return root
}

func wantsJSON(command *cobra.Command) bool {
	wants, err := command.Flags().GetBool("json")
	return err == nil && wants
}

func printJSON(to io.Writer, value any) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// collect runs an operation and returns its items.
func collect[T any](ctx context.Context, a *App, name string, op any) ([]T, error) {
	all := []T{}
	err := a.operate(ctx, func(client *control.Client) error {
		return client.Call(ctx, name, op, func(item json.RawMessage) error {
			var one T
			err := json.Unmarshal(item, &one)
			all = append(all, one)
			return err
		})
	})
	return all, err
}

func (a *App) userdbList() *cobra.Command {
	var status string
	command := &cobra.Command{
		Use: "list [NAME ...]", Short: "List user databases",
		Example: "  fathom-to-loom userdb list --status archived",
		RunE: func(command *cobra.Command, names []string) error {
			infos, err := collect[userdb.Info](command.Context(), a, opList, operation{Names: names})
			if err != nil {
				return err
			}
			if status != "" {
				infos = slices.DeleteFunc(infos, func(i userdb.Info) bool { return i.Status != status })
			}
			if wantsJSON(command) {
				return printJSON(command.OutOrStdout(), infos)
			}
			return printList(command.OutOrStdout(), infos)
		},
	}
	command.Flags().StringVar(&status, "status", "", "only those of a status: provisioning, ready, archived, deleting or failed")
	return command
}

func (a *App) userdbShow() *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Short: "Show everything about a user database", Args: cobra.ExactArgs(1),
		Example: "  fathom-to-loom userdb show johndoe@example.com",
		RunE: func(command *cobra.Command, names []string) error {
			details, err := collect[userdb.Details](command.Context(), a, opShow, operation{Names: names})
			if err != nil {
				return err
			}
			if wantsJSON(command) {
				return printJSON(command.OutOrStdout(), details[0])
			}
			return printDetails(command.OutOrStdout(), details[0])
		},
	}
}

func (a *App) userdbStats() *cobra.Command {
	return &cobra.Command{
		Use: "stats", Short: "Count user databases", Args: cobra.NoArgs,
		Example: "  fathom-to-loom userdb stats --json",
		RunE: func(command *cobra.Command, _ []string) error {
			stats, err := collect[userdb.Stats](command.Context(), a, opStats, operation{})
			if err != nil {
				return err
			}
			if wantsJSON(command) {
				return printJSON(command.OutOrStdout(), stats[0])
			}
			return printStats(command.OutOrStdout(), stats[0])
		},
	}
}

func (a *App) userdbMigrate() *cobra.Command {
	var all bool
	var parallel int
	command := &cobra.Command{
		Use: "migrate [NAME ...]", Short: "Bring user databases to the current schema",
		Long: "Bring user databases to the current schema, which happens by itself when one is\n" +
			"opened. One that fails is reported and passed over; run it again to go on with\n" +
			"what is left.",
		Example: "  fathom-to-loom userdb migrate --all",
		RunE: func(command *cobra.Command, names []string) error {
			if all == (len(names) > 0) {
				return errors.New("name the user databases, or say --all")
			}
			return a.reportOutcomes(command, opMigrate, operation{Names: names, Parallel: parallel}, "migrated")
		},
	}
	command.Flags().BoolVar(&all, "all", false, "all that need it")
	command.Flags().IntVar(&parallel, "parallel", 2, "how many at once")
	return command
}

func (a *App) userdbArchive() *cobra.Command {
	return &cobra.Command{
		Use: "archive NAME ...", Short: "Pack user databases away until their users sign in", Args: cobra.MinimumNArgs(1),
		Example: "  fathom-to-loom userdb archive johndoe@example.com",
		RunE: func(command *cobra.Command, names []string) error {
			return a.reportOutcomes(command, opArchive, operation{Names: names}, "archived")
		},
	}
}

func (a *App) userdbRestore() *cobra.Command {
	return &cobra.Command{
		Use: "restore NAME ...", Short: "Bring archived or deleted user databases back", Args: cobra.MinimumNArgs(1),
		Long: "Bring archived user databases back, and deleted ones during their grace period,\n" +
			"together with the accounts of their users and their passwords.",
		Example: "  fathom-to-loom userdb restore 2024-01-15-001-johndoe",
		RunE: func(command *cobra.Command, names []string) error {
			return a.reportOutcomes(command, opRestore, operation{Names: names}, "restored")
		},
	}
}

func (a *App) userdbDelete() *cobra.Command {
	var now, yes bool
	command := &cobra.Command{
		Use: "delete NAME ...", Short: "Delete user databases after a grace period", Args: cobra.MinimumNArgs(1),
		Long: "Delete user databases when USER_DB_DELETE_GRACE has passed. Until then nobody can\n" +
			"use them, and \"userdb restore\" brings them back. The accounts of their users stay.",
		Example: "  fathom-to-loom userdb delete 2024-01-15-001-johndoe\n" +
			"  fathom-to-loom userdb delete 2024-01-15-001-johndoe --now --yes",
		RunE: func(command *cobra.Command, names []string) error {
			if now && !yes {
				return errors.New("--now deletes for good: add --yes if that is what you want")
			}
			done := "marked for deletion: \"userdb show\" says when, \"userdb restore\" brings it back"
			if now {
				done = "deleted"
			}
			return a.reportOutcomes(command, opDelete, operation{Names: names, AtOnce: now}, done)
		},
	}
	command.Flags().BoolVar(&now, "now", false, "at once and for good")
	command.Flags().BoolVar(&yes, "yes", false, "yes, for good")
	return command
}

func (a *App) userdbVerify() *cobra.Command {
	var parallel int
	command := &cobra.Command{
		Use: "verify [NAME ...]", Short: "Look whether user databases are whole",
		Long: "Look whether user databases are whole: keys, files, permissions, SQLite's own\n" +
			"integrity check, owners, recordings, archives, and that no two share a signing\n" +
			"secret. Nothing is changed. No names means all.",
		Example: "  fathom-to-loom userdb verify",
		RunE: func(command *cobra.Command, names []string) error {
			looked, err := collect[userdb.Verification](command.Context(), a, opVerify, operation{Names: names, Parallel: parallel})
			if err != nil {
				return err
			}
			return reportVerifications(command, looked)
		},
	}
	command.Flags().IntVar(&parallel, "parallel", 2, "how many at once")
	return command
}
