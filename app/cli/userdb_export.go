package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
)

func userdbExport(a *app.App) *cobra.Command {
	var output string
	command := &cobra.Command{
		Use: "export NAME", Short: "Export a user database to a zip archive", Args: requireArgs(1, 1, "one user database"),
		Example: "  fathom-to-loom userdb export johndoe@example.com --output john.zip\n" +
			"  docker compose exec -T fathom-to-loom fathom-to-loom userdb export johndoe@example.com --output - > john.zip",
		RunE: func(command *cobra.Command, names []string) error {
			export := func(to io.Writer) error {
				return withOwner(command.Context(), a, false, func(client *control.Client) error {
					return operator.ExportDatabase(command.Context(), client, operator.DatabasesRequest{Names: names}, to)
				})
			}
			if output == "-" {
				return export(command.OutOrStdout())
			}
			if output == "" {
				output = names[0] + ".zip"
			}
			if err := writeNew(output, export); err != nil {
				return err
			}
			_, err := fmt.Fprintln(command.ErrOrStderr(), "written to "+output)
			return err
		},
	}
	command.Flags().StringVar(&output, "output", "", "file to create, or - for standard output (default NAME.zip)")
	return command
}

// writeNew creates a file that is complete or missing. It never replaces a file, even one that appears while
// it writes.
func writeNew(path string, write func(io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil { // found early: an export may take minutes
		return existsError(path)
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-")
	if err != nil {
		return err
	}
	err = write(temporary)
	if err == nil {
		err = temporary.Sync()
	}
	err = errors.Join(err, temporary.Close())
	if err == nil {
		err = renameNew(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}

// renameNew renames a file unless the new name is taken. It takes the name with an empty file first, because
// a rename replaces what is there and not every file system has hard links.
func renameNew(from, to string) error {
	reserved, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return existsError(to)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(reserved.Close(), os.Rename(from, to)); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}

func existsError(path string) error {
	return fmt.Errorf("%s already exists: choose another --output", path)
}
