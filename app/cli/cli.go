// Package cli implements the command line. Each group of commands has a file for the commands and a file
// for their output. Operator commands call the process that owns the data directories through package
// operator (remote.go). A command exits with 0 only if it succeeded completely.
//
// A process runs one command. The package keeps no state and must not read settings itself: they are part
// of the App.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/cli/demo"
)

// exitInterrupted is the exit code of commands that were stopped, as shells return it after Ctrl-C.
const exitInterrupted = 130

// Execute runs the command in the process's arguments and returns its exit code: 0 after success, exitInterrupted after
// errInterrupted, and 1 after other errors. SIGINT and SIGTERM stop the command gracefully. A second signal kills the
// process; its jobs resume at the next start.
func Execute(a *app.App) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second signal has its default effect
	a.RootCmd.SetErr(os.Stderr)  // PocketBase's writer prints to standard output
	a.Network().ConfigureDefault()
	slog.SetDefault(a.Log) // libraries that log by themselves
	if err := Run(ctx, a, os.Args[1:]...); err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			err = errInterrupted
		}
		fmt.Fprintln(os.Stderr, "fathom-to-loom: "+err.Error())
		if errors.Is(err, errInterrupted) {
			return exitInterrupted
		}
		return 1
	}
	return 0
}

// Run runs one command until it is done or ctx ends, and then stops everything the command started. Call
// it once for each App. Unlike PocketBase's own Execute it returns the command's error.
func Run(ctx context.Context, a *app.App, args ...string) (err error) {
	defer func() { err = errors.Join(err, a.Logs.Close()) }()
	addCommands(a)
	a.RootCmd.SetArgs(args)
	finished := make(chan error, 1)
	go func() { finished <- a.RootCmd.ExecuteContext(ctx) }()

	select {
	case err = <-finished:
	case <-ctx.Done():
		// A server that is still starting may be running a migration, so wait until it has started.
		select {
		case <-a.Serving():
			a.Log.InfoContext(ctx, "stopping")
			err = errors.Join(a.Terminate(), <-finished)
		case err = <-finished:
		}
	}
	return errors.Join(err, a.Terminate())
}

// The version is only determined when it is shown: that may take a tenth of a second.
func init() { cobra.AddTemplateFunc("buildVersion", app.BuildVersion) }

func addCommands(a *app.App) {
	root := a.RootCmd
	root.Use = "fathom-to-loom"
	root.Short = "Move your Fathom meetings to Loom"
	root.Example = "  fathom-to-loom demo\n  fathom-to-loom serve"
	root.Version = app.Version // adds the flag
	root.SetVersionTemplate("{{.DisplayName}} version {{buildVersion}}\n")
	root.FParseErrWhitelist.UnknownFlags = false // a misspelt flag is an error
	root.SilenceErrors, root.SilenceUsage = true, true
	keepFlags(a)

	root.AddCommand(serveCommand(a), userdbCommand(a), blobsCommand(a), backupCommand(a), queueCommand(a), superuserCommand(a), keysCommand(a), logCommand(a), doctorCommand(a), fathomCommand(a), loomCommand(a), simulatorCommand(), moverCommand(a), clusterCommand(a),
		demo.Command(), healthCommand(a), promoteCommand(a), versionCommand())
}

// keepFlags removes the flags that PocketBase adds, except --dir and --dev. The others bypass what the program
// decides itself: --encryptionEnv the key of the settings, --queryTimeout the limit of a query.
func keepFlags(a *app.App) {
	root := a.RootCmd
	dir, dev := root.PersistentFlags().Lookup("dir"), root.PersistentFlags().Lookup("dev")
	dir.Usage = "data directory of the global database; overrides DATA_DIR"
	dev.Usage = "print PocketBase's log and its SQL statements, which contain personal data"
	root.ResetFlags()
	root.PersistentFlags().AddFlag(dir)
	root.PersistentFlags().AddFlag(dev)
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		// PocketBase reads the flag before the commands are known, and may take it for the value of another.
		if dir.Value.String() != a.DataDir() {
			return errors.New("--dir was not understood: specify it before the command")
		}
		return nil
	}
}

func versionCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "version", Short: "Print the version, and the schemas of the databases", Example: "  fathom-to-loom version", Args: cobra.NoArgs,
		Long: "Print the version on the first line, and then the newest schemas that this program knows. Data\n" +
			"directories with older schemas are upgraded when the server starts, and newer ones are refused.",
		RunE: func(command *cobra.Command, _ []string) error {
			return write(command, app.CurrentVersions(), writeVersions)
		},
	}
	addJSONFlag(command)
	return command
}

func writeVersions(to io.Writer, v app.Versions) error {
	_, err := fmt.Fprintf(to, "%s\nglobal schema  %s\nuser schema    %s\n", v.Program, v.GlobalSchema, v.UserSchema)
	return err
}

// requireArgs requires between minimum and maximum arguments. want describes them in the error.
func requireArgs(minimum, maximum int, want string) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) < minimum || len(args) > maximum {
			return fmt.Errorf("specify %s (see \"%s --help\")", want, command.CommandPath())
		}
		return nil
	}
}

// group returns a command that only contains subcommands. Without a subcommand it prints its help.
func group(use, short, long string, commands ...*cobra.Command) *cobra.Command {
	root := &cobra.Command{
		Use: use, Short: short, Long: long, Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	root.AddCommand(commands...)
	root.Example = commands[0].Example
	return root
}
