package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
)

func backupCommand(a *app.App) *cobra.Command {
	root := group("backup", "Create, check and restore backups",
		"Create, check and restore encrypted backups of everything: the global database, all user\n"+
			"databases and their recordings. BACKUP_DIR or BACKUP_S3_BUCKET says where they are.\n\n"+
			"Specify a backup by its name, or \"latest\".",
		backupCreate(a), backupList(a), backupVerify(a), backupRestore(a))
	addJSONFlag(root)
	return root
}

func backupCreate(a *app.App) *cobra.Command {
	var request operator.CreateBackupRequest
	command := &cobra.Command{
		Use: "create", Short: "Create a backup", Args: cobra.NoArgs,
		Long: "Create a backup while the server runs, or without one. What hasn't changed since the last backup\n" +
			"isn't stored again. Then the backups that BACKUP_KEEP doesn't keep are removed. Interrupt the\n" +
			"command whenever you like: the next backup continues.\n\n" +
			"A destination belongs to one server. The command refuses one that another server uses, or that\n" +
			"no longer contains what this server has stored there, such as a disk that isn't mounted, unless\n" +
			"--take-over makes it that of this server.",
		Example: "  fathom-to-loom backup create",
		RunE: func(command *cobra.Command, _ []string) error {
			return withProgress(command, longCommand{Name: "backup", Resume: "the next backup continues with what is stored"}, func(ctx context.Context) error {
				result, err := one(ctx, a, operator.CreateBackup, request)
				if err != nil {
					return err
				}
				if err := write(command, result, writeBackupResult); err != nil {
					return err
				}
				return result.Err()
			})
		},
	}
	command.Flags().BoolVar(&request.TakeOver, "take-over", false, "use a destination of another server, or one that has lost its backups")
	return command
}

func backupList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List backups", Args: cobra.NoArgs, Example: "  fathom-to-loom backup list",
		RunE: func(command *cobra.Command, _ []string) error {
			repository, closeIdle, err := a.BackupRepository()
			if err != nil {
				return err
			}
			defer closeIdle()
			sets, err := repository.Sets(command.Context())
			if err != nil {
				return err
			}
			return write(command, sets, writeSets)
		},
	}
}

func backupVerify(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "verify [BACKUP]", Short: "Check that a backup can be restored", Args: requireArgs(0, 1, "one backup at most"),
		Long: "Check a backup, by default the latest: read everything, compare the checksums, restore every\n" +
			"database into a folder that is removed again, and open it. Without BACKUP_KEY, only the\n" +
			"checksums of the encrypted files are compared. Nothing is changed.",
		Example: "  fathom-to-loom backup verify",
		RunE: func(command *cobra.Command, names []string) error {
			return withProgress(command, longCommand{Name: "verify", Resume: "nothing was changed"}, func(ctx context.Context) error {
				result, err := a.VerifyBackup(ctx, selectedBackup(names))
				if err != nil {
					return err
				}
				if err := write(command, result, writeBackupVerification); err != nil {
					return err
				}
				return problemsError(len(result.Problems))
			})
		},
	}
}

func backupRestore(a *app.App) *cobra.Command {
	var into, user string
	var replace bool
	command := &cobra.Command{
		Use: "restore BACKUP", Short: "Restore everything, or one user", Args: requireArgs(1, 1, "a backup, or \"latest\""),
		Long: "Restore everything in a backup while no server runs. If the data directories contain data, the\n" +
			"command refuses, unless --replace moves that data aside, into a folder .before-restore-… in\n" +
			"each. The data is replaced at the end, when everything is complete. Interrupt the command\n" +
			"whenever you like: run it again to continue.\n\n" +
			"With --into, everything is restored into the folders pb_data and user_dbs in another folder.\n\n" +
			"With --user, only the database of one user is restored, also while the server runs, together with\n" +
			"the account, its schedules and its jobs, if the account is gone. The user's present database is\n" +
			"only replaced with --replace.",
		Example: "  fathom-to-loom backup restore latest\n" +
			"  fathom-to-loom backup restore latest --user johndoe@example.com",
		RunE: func(command *cobra.Command, names []string) error {
			return withProgress(command, longCommand{Name: "restore", Resume: "nothing was replaced; run the same command again to continue"}, func(ctx context.Context) error {
				if user != "" {
					request := operator.RestoreUserRequest{Backup: names[0], User: user, Replace: replace}
					if a.Config.BackupEnabled() {
						request.Key = a.Config.BackupKey.Reveal()
					}
					return restoreUser(ctx, command, a, into, request)
				}
				result, err := a.RestoreEverything(ctx, names[0], into, replace)
				if errors.Is(err, app.ErrRunning) {
					return fmt.Errorf("%w (a single user can be restored while the server runs, with --user)", err)
				}
				if err != nil {
					return err
				}
				if err := write(command, result, writeRestored); err != nil {
					return err
				}
				return problemsError(len(result.Problems))
			})
		},
	}
	command.Flags().StringVar(&into, "into", "", "folder to restore into, instead of the data directories")
	command.Flags().StringVar(&user, "user", "", "e-mail address of the user, or name of the database, to restore")
	command.Flags().BoolVar(&replace, "replace", false, "replace present data")
	return command
}

func restoreUser(ctx context.Context, command *cobra.Command, a *app.App, into string, request operator.RestoreUserRequest) error {
	if into != "" {
		return errors.New("--into restores everything: omit --user")
	}
	var result backup.RestoredUser
	err := withOwner(ctx, a, false, func(client *control.Client) (err error) {
		result, err = operator.RestoreUserOrStop(ctx, client, request)
		return err
	})
	if err != nil {
		return err
	}
	if err := write(command, result, writeRestoredUser); err != nil {
		return err
	}
	return problemsError(len(result.Problems))
}

func selectedBackup(names []string) string {
	if len(names) == 0 {
		return backup.Latest
	}
	return names[0]
}

func problemsError(problems int) error {
	if problems == 0 {
		return nil
	}
	return fmt.Errorf("found %s", count(problems, "problem"))
}

func writeSets(to io.Writer, sets []backup.Set) error {
	if len(sets) == 0 {
		_, err := fmt.Fprintln(to, "no backups")
		return err
	}
	t := newTable(to)
	t.row("BACKUP", "CREATED", "DATABASES", "RECORDINGS", "SIZE", "ADDED", "INCOMPLETE")
	var problems []backup.Problem
	for _, set := range sets {
		if set.Problem != "" {
			t.row(set.Name, formatTime(&set.Created), "?", "?", "?", "?")
			problems = append(problems, backup.Problem{Text: fmt.Sprintf("backup %s can't be used: %s", set.Name, set.Problem)})
			continue
		}
		t.row(set.Name, formatTime(&set.Created), set.Databases, set.Recordings, formatSize(set.Stored), formatSize(set.Added), unlessZero(set.Incomplete))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	t = newTable(to)
	writeProblems(t, problems)
	return t.Flush()
}

func writeBackupResult(to io.Writer, result backup.Result) error {
	set := result.Set
	t := newTable(to)
	_, err := fmt.Fprintf(to, "created %s: %s, %s, %s (%s new) in %.1f s\n", set.Name, count(set.Databases, "user database"),
		count(set.Recordings, "recording"), formatSize(set.Stored), formatSize(set.Added), set.Seconds)
	if err != nil {
		return err
	}
	writeLeftOut(t, set)
	if set.Deleted > 0 {
		t.row(count(set.Deleted, "user database") + " deleted in the meantime")
	}
	for _, name := range result.Removed {
		t.row("removed " + name)
	}
	writeProblems(t, result.Problems)
	return t.Flush()
}

func writeBackupVerification(to io.Writer, result backup.Verification) error {
	t := newTable(to)
	if result.Encrypted {
		t.row(fmt.Sprintf("%s: the checksums of %s are right; set BACKUP_KEY to check what they contain", result.Set.Name, count(result.Objects, "file")))
	} else {
		t.row(fmt.Sprintf("%s: restored and opened %s, checked %s", result.Set.Name, count(result.Databases, "database"), count(result.Objects, "file")))
	}
	writeLeftOut(t, result.Set)
	writeProblems(t, result.Problems)
	return t.Flush()
}

func writeLeftOut(t table, set backup.Set) {
	if set.LeftOut > 0 {
		t.row("not contained: " + count(set.LeftOut, "recording") + " in S3, because BACKUP_S3_RECORDINGS is false: back up that bucket as well")
	}
}

func writeRestored(to io.Writer, result backup.Restored) error {
	t := newTable(to)
	t.row(fmt.Sprintf("restored %s: %s, %s, %s", result.Set.Name, count(result.Databases, "user database"), count(result.Recordings, "recording"), formatSize(result.Bytes)))
	for _, dir := range result.Aside {
		t.row("the former data is in " + dir + ": delete it when you no longer need it")
	}
	writeProblems(t, result.Problems)
	return t.Flush()
}

func writeRestoredUser(to io.Writer, result backup.RestoredUser) error {
	t := newTable(to)
	t.row(fmt.Sprintf("restored %s of %s from %s: %s", result.Name, result.Email, result.Set.Name, count(result.Recordings, "recording")))
	if result.CreatedAccount {
		t.row("the account was gone and has been restored with its password; sessions from before are invalid")
	}
	if result.Former != "" {
		t.row("what the database was before is in " + result.Former + " until USER_DB_DELETE_GRACE has passed")
	}
	if result.Replaced != "" {
		t.row("the former database " + result.Replaced + " is deleted after USER_DB_DELETE_GRACE")
	}
	writeProblems(t, result.Problems)
	return t.Flush()
}

func writeProblems(t table, problems []backup.Problem) {
	for _, p := range problems {
		t.row(p.String())
	}
}
