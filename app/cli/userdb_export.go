package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
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
			err := durable.CreateFile(output, 0o600, export)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%s already exists: choose another --output", output)
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(command.ErrOrStderr(), "written to "+output)
			return err
		},
	}
	command.Flags().StringVar(&output, "output", "", "file to write, - for standard output (default NAME.zip)")
	return command
}
