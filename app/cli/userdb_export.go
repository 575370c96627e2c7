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
		Use: "export NAME", Short: "Export a user database to a zip archive", Args: cobra.ExactArgs(1),
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
	command.Flags().StringVar(&output, "output", "", "file to write, - for standard output (default NAME.zip)")
	return command
}

// writeNew makes a file that is whole or not there. It overwrites nothing.
func writeNew(path string, write func(io.Writer) error) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return errors.Join(fmt.Errorf("%s is there already: choose another --output", path), err)
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
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}
