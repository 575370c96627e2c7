package cli

import (
	"context"
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
		Use: "export NAME", Short: "Export a user database to a zip archive", Args: requireArgs(1, 1, "one user database"),
		Example: "  fathom-to-loom userdb export johndoe@example.com --output john.zip\n" +
			"  docker compose exec -T fathom-to-loom fathom-to-loom userdb export johndoe@example.com --output - > john.zip",
		RunE: func(command *cobra.Command, names []string) error {
			if err := refuseJSON(command); err != nil {
				return err
			}
			if output == "" {
				output = names[0] + ".zip"
			}
			return writeArchive(command, output, func(ctx context.Context, to io.Writer) error {
				return withOwner(ctx, a, false, func(client *control.Client) error {
					return operator.ExportDatabase(ctx, client, operator.DatabasesRequest{Names: names}, to)
				})
			})
		},
	}
	command.Flags().StringVar(&output, "output", "", "file to create, or - for standard output (default NAME.zip)")
	hideJSONFlag(command)
	return command
}

// hideJSONFlag replaces the inherited flag of a command that writes an archive, so that the help doesn't list it.
func hideJSONFlag(command *cobra.Command) {
	command.Flags().Bool("json", false, "")
	if err := command.Flags().MarkHidden("json"); err != nil {
		panic(err) // the flag exists
	}
}

// refuseJSON returns an error if a command that writes an archive is called with --json.
func refuseJSON(command *cobra.Command) error {
	if wantsJSON(command) {
		return fmt.Errorf("userdb %s writes a zip archive and can't print JSON: omit --json", command.Name())
	}
	return nil
}

// writeArchive writes an archive to standard output, if output is -, or to a new file, whose path it then reports.
func writeArchive(command *cobra.Command, output string, write func(ctx context.Context, to io.Writer) error) error {
	if output == "-" {
		to := command.OutOrStdout()
		return withProgress(command, longCommand{command.Name(), "the archive is incomplete"}, func(ctx context.Context) error {
			return write(ctx, to)
		})
	}
	err := withProgress(command, longCommand{command.Name(), "no file was written"}, func(ctx context.Context) error {
		return writeNew(output, func(to io.Writer) error { return write(ctx, to) })
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(command.ErrOrStderr(), "written to "+output)
	return err
}

// writeNew creates a file atomically: after an error there is no file. It never replaces an existing file,
// even one that was created in the meantime.
func writeNew(path string, write func(io.Writer) error) error {
	err := durable.CreateFile(path, 0o600, write)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s already exists: choose another --output", path)
	}
	return err
}
