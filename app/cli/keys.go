package cli

import (
	"crypto/rand"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func keysCommand() *cobra.Command {
	return group("keys", "Create the secrets the server needs", "", &cobra.Command{
		Use:     "generate",
		Short:   "Print a complete .env file with fresh secrets",
		Example: "  (umask 077 && fathom-to-loom keys generate > .env)",
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			generated, err := config.Generate(rand.Reader)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(command.OutOrStdout(), generated.DotEnv())
			return err
		},
	})
}
