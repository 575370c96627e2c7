package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

func userdbImport(a *app.App) *cobra.Command {
	var request userdb.ImportRequest
	command := &cobra.Command{
		Use: "import FILE --email ADDRESS", Short: "Import an exported user database",
		Args: requireArgs(1, 1, "one zip archive"),
		Long: "Import a user database that was exported on this or on another server, with all meetings and\n" +
			"recordings. The account must not have a database yet. API keys are not part of an export: their\n" +
			"owner enters them again. The archive is read by the process that owns the data directory, so\n" +
			"the file must be readable for the server.",
		Example: "  fathom-to-loom userdb import john.zip --email johndoe@example.com\n" +
			"  fathom-to-loom userdb import john.zip --email johndoe@example.com --create",
		RunE: func(command *cobra.Command, files []string) (err error) {
			if request.Email == "" {
				return errors.New("specify the account that gets the database with --email")
			}
			if files[0] == "-" {
				return errors.New("an archive can't be read from standard input: specify a file")
			}
			if request.File, err = filepath.Abs(files[0]); err != nil {
				return err
			}
			var imported userdb.Imported
			err = withProgress(command, longCommand{"import", "run the command again; it refuses if the import was completed"},
				func(ctx context.Context) (err error) {
					imported, err = one(ctx, a, operator.ImportDatabase, request)
					return err
				})
			if err != nil {
				return err
			}
			if err := write(command, imported, writeImported); err != nil {
				return err
			}
			if imported.MoveError != "" {
				return fmt.Errorf("recordings are still on disk: %s; run \"fathom-to-loom blobs migrate --to s3 %s\"",
					firstLine(imported.MoveError), imported.Name)
			}
			return nil
		},
	}
	command.Flags().StringVar(&request.Email, "email", "", "e-mail address of the account that gets the database")
	command.Flags().BoolVar(&request.Create, "create", false, "create the account")
	return command
}

func writeImported(to io.Writer, i userdb.Imported) error {
	_, err := fmt.Fprintf(to, "imported as %s for %s: %s, %s\n", i.Name, i.Email,
		count(i.Meetings, "meeting"), count(i.Recordings, "recording"))
	note := func(format string, args ...any) {
		if err == nil {
			_, err = fmt.Fprintf(to, format+"\n", args...)
		}
	}
	if i.ExportedBy != i.Email {
		note("the archive was exported by %s", firstLine(i.ExportedBy))
	}
	if i.MissingFiles > 0 {
		note("left out %s whose files are not in the archive", count(i.MissingFiles, "recording"))
	}
	if len(i.Connections) > 0 {
		note("enter the keys of these connections again, because exports contain none: %s", strings.Join(i.Connections, ", "))
	}
	if i.CreatedAccount {
		note("the account is new: its owner must reset the password to sign in")
	}
	return err
}

// count returns a number with a noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
