package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

func keysCommand(a *app.App) *cobra.Command {
	var path string
	generate := &cobra.Command{
		Use:   "generate",
		Short: "Create a complete .env file with fresh secrets",
		Long: "Create a complete .env file with fresh secrets, or print it. With --write, only the user who runs\n" +
			"the command can read the file, and an existing file is never overwritten.",
		Example: "  fathom-to-loom keys generate --write .env",
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			generated, err := config.Generate(rand.Reader)
			if err != nil {
				return err
			}
			if !command.Flags().Changed("write") {
				_, err = fmt.Fprint(command.OutOrStdout(), generated.DotEnv())
				return err
			}
			if err := writeKeys(path, generated.DotEnv()); err != nil {
				return err
			}
			_, err = fmt.Fprintln(command.ErrOrStderr(), "written to "+path)
			return err
		},
	}
	generate.Flags().StringVar(&path, "write", "", "file to create instead of printing to standard output")
	return group("keys", "Create and replace the secrets the server needs", "", generate, keysRotate(a))
}

// writeKeys creates a file that only its owner can read. It never replaces a file, because a replaced master
// key would take all stored credentials with it.
func writeKeys(path, text string) error {
	if path == "" {
		return errors.New("--write needs the name of a file")
	}
	err := durable.CreateFile(path, 0o600, func(to io.Writer) error {
		_, err := io.WriteString(to, text)
		return err
	})
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s already exists and was left as it is, because its keys may be the only ones that can decrypt your data", path)
	case err != nil:
		return fmt.Errorf("write keys: %w", err)
	}
	return nil
}
