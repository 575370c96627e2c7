package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/standby"
)

// promoteCommand makes this machine the server, and then starts it. The command asks for nothing, so that it also works
// in a script; --old-server-is-off is the operator's word that there will be no second server.
func promoteCommand(a *app.App) *cobra.Command {
	promotion := app.Promotion{}
	var oldServerIsOff, noRestore, noStart bool
	promote := &cobra.Command{
		Use: "promote", Short: "Take over from a server that is lost", Args: cobra.NoArgs,
		Long: "Take over from a server that is lost: fetch the newest copy of the global database that Litestream\n" +
			"has made, check it, and start the server. User databases are those in USER_DBS_DIR; the command\n" +
			"names the ones that are missing.\n\n" +
			"The former server must be off and stay off: two servers would deliver recordings twice. It refuses\n" +
			"to start if it uses the same USER_DBS_DIR, and notices nothing otherwise.\n\n" +
			"Run the command again if it was interrupted.",
		Example: "  fathom-to-loom promote --old-server-is-off",
		RunE: func(command *cobra.Command, _ []string) error {
			if !oldServerIsOff {
				return errors.New("make sure that the former server is off and stays off, then add --old-server-is-off")
			}
			promotion.Restore = !noRestore
			err := withProgress(command, longCommand{"promote", continueAgain}, func(ctx context.Context) error {
				promoted, err := a.Promote(ctx, promotion)
				if err != nil {
					return err
				}
				return write(command, promoted, writePromotion)
			})
			if err != nil || noStart {
				return err
			}
			serve := serveCommand(a)
			serve.SetContext(command.Context())
			if err := serve.PreRunE(serve, nil); err != nil {
				return err
			}
			return serve.RunE(serve, nil)
		},
	}
	flags := promote.Flags()
	flags.BoolVar(&oldServerIsOff, "old-server-is-off", false, "the former server is off and stays off")
	flags.StringVar(&promotion.LitestreamConfig, "config", "deploy/litestream.yml", "Litestream's configuration file")
	flags.StringVar(&promotion.Litestream, "litestream", "litestream", "the program Litestream")
	flags.BoolVar(&promotion.Replace, "replace", false, "move a global database in DATA_DIR aside")
	flags.BoolVar(&noRestore, "no-restore", false, "take over with the global database in DATA_DIR")
	flags.BoolVar(&noStart, "no-start", false, "don't start the server")
	addJSONFlag(promote)
	return promote
}

func writePromotion(to io.Writer, p standby.Promoted) error {
	out := newTable(to)
	out.field("incarnation", fmt.Sprint(p.Incarnation.Number))
	out.field("global database", formatSize(p.Bytes))
	out.field("former one", p.Aside)
	out.field("user databases", fmt.Sprintf("%d, %d missing", p.Databases, len(p.Missing)))
	out.field("took", fmt.Sprintf("%.1f s", p.Seconds))
	if err := out.Flush(); err != nil {
		return err
	}
	var text strings.Builder
	if len(p.Missing) > 0 {
		fmt.Fprintf(&text, "\nUSER_DBS_DIR doesn't contain these user databases. Copy them there, or restore them from a backup:\n  %s\n",
			strings.Join(p.Missing, "\n  "))
	}
	text.WriteString("\nThis machine is the server now. Leave the former one off. Before you start Litestream here, change the\n" +
		"number at the end of LITESTREAM_REPLICA.\n")
	_, err := io.WriteString(to, text.String())
	return err
}
