// Package cli is the command line: one file for each command and one for its output. Commands that need
// the process which owns the data directories reach it through package operator (remote.go). A command
// exits 0 only when it did what was asked.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/pocketbase/pocketbase/cmd"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/cli/demo"
)

// Execute runs the command the process was started with and returns its exit code. SIGINT and SIGTERM
// stop it in an orderly way; a second signal ends the process at once, which every job survives.
func Execute(a *app.App) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the next signal has its default effect
	if err := Run(ctx, a, os.Args[1:]...); err != nil {
		fmt.Fprintln(os.Stderr, "fathom-to-loom: "+err.Error())
		return 1
	}
	return 0
}

// Run runs one command until it is done or ctx ends, and then stops everything it started. Call it once
// for each App. It returns the command's error, which PocketBase's own Execute loses.
func Run(ctx context.Context, a *app.App, args ...string) error {
	addCommands(a)
	a.RootCmd.SetArgs(args)
	finished := make(chan error, 1)
	go func() { finished <- a.RootCmd.ExecuteContext(ctx) }()

	var err error
	select {
	case err = <-finished:
	case <-ctx.Done():
		// A server that is still starting may be in the middle of a migration: it is stopped once it is up.
		select {
		case <-a.Serving():
			a.Log.Info("stopping")
			err = errors.Join(a.Terminate(), <-finished)
		case err = <-finished:
		}
	}
	return errors.Join(err, a.Terminate())
}

func addCommands(a *app.App) {
	root := a.RootCmd
	root.Use = "fathom-to-loom"
	root.Short = "Moves your Fathom meetings to Loom"
	root.Example = "  fathom-to-loom demo\n  fathom-to-loom serve"
	root.Version = app.Version
	root.FParseErrWhitelist.UnknownFlags = false // a misspelt flag is an error
	root.SilenceErrors, root.SilenceUsage = true, true
	root.PersistentFlags().Lookup("encryptionEnv").Hidden = true

	root.AddCommand(serveCommand(a), userdbCommand(a), queueCommand(a), superuserCommand(a), keysCommand(), simulatorCommand(),
		demo.Command(), healthCommand(a), versionCommand())
}

func serveCommand(a *app.App) *cobra.Command {
	serve := cmd.NewServeCommand(a, false)
	serve.Short = "Start the server"
	serve.Example = "  fathom-to-loom serve"
	flags := serve.PersistentFlags()
	setDefault(flags.Lookup("http"), a.Config.ListenAddr())
	setDefault(flags.Lookup("origins"), strings.Join(a.Config.AllowedOrigins(), ","))
	serve.PreRunE = func(_ *cobra.Command, domains []string) error {
		if http := flags.Lookup("http"); len(domains) > 0 && !http.Changed {
			setDefault(http, "") // PocketBase then serves HTTPS for the domains on the usual ports
		}
		return a.Prepare()
	}
	return serve
}

func superuserCommand(a *app.App) *cobra.Command {
	superuser := cmd.NewSuperuserCommand(a)
	superuser.Example = "  fathom-to-loom superuser upsert admin@example.com a-long-password"
	superuser.PersistentPreRunE = func(*cobra.Command, []string) error { return a.Bootstrap() }
	return superuser
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Example: "  fathom-to-loom version", Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(command.OutOrStdout(), app.Version)
			return err
		},
	}
}

// group is a command that only holds other commands.
func group(use, short, long string, commands ...*cobra.Command) *cobra.Command {
	root := &cobra.Command{
		Use: use, Short: short, Long: long, Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	root.AddCommand(commands...)
	root.Example = commands[0].Example
	return root
}

// setDefault replaces the default of a flag that PocketBase defines.
func setDefault(flag *pflag.Flag, value string) {
	flag.DefValue = value
	if err := flag.Value.Set(value); err != nil {
		panic(fmt.Sprintf("set the default of --%s: %v", flag.Name, err)) // every setting has a type its flag accepts
	}
}
