package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/pocketbase/pocketbase/cmd"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/demo"
)

func (a *App) addCommands() {
	root := a.RootCmd
	root.Use = "fathom-to-loom"
	root.Short = "Moves your Fathom meetings to Loom"
	root.Version = Version
	root.FParseErrWhitelist.UnknownFlags = false // a misspelt flag is an error
	root.SilenceErrors, root.SilenceUsage = true, true
	root.PersistentFlags().Lookup("encryptionEnv").Hidden = true

	root.AddCommand(a.serveCommand(), a.userdbCommand(), a.queueCommand(), a.superuserCommand(), keysCommand(), simulatorCommand(), demo.Command(), a.healthCommand(), versionCommand())
}

func (a *App) serveCommand() *cobra.Command {
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

func (a *App) superuserCommand() *cobra.Command {
	superuser := cmd.NewSuperuserCommand(a)
	superuser.PersistentPreRunE = func(*cobra.Command, []string) error { return a.Bootstrap() }
	return superuser
}

func keysCommand() *cobra.Command {
	keys := &cobra.Command{Use: "keys", Short: "Make the secrets the server needs", Args: cobra.NoArgs, RunE: showHelp}
	keys.AddCommand(&cobra.Command{
		Use:     "generate",
		Short:   "Print a ready .env with fresh secrets",
		Example: "  fathom-to-loom keys generate > .env",
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
	return keys
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Example: "  fathom-to-loom version", Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(command.OutOrStdout(), Version)
			return err
		},
	}
}

func showHelp(command *cobra.Command, _ []string) error { return command.Help() }

// Execute runs the command the process was started with and returns its exit
// code: 0 only when it did what was asked. SIGINT and SIGTERM end it in an
// orderly way; a second signal ends the process at once, which every job
// survives.
func (a *App) Execute() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the next signal has its default effect
	if err := a.Run(ctx, os.Args[1:]...); err != nil {
		fmt.Fprintln(os.Stderr, "fathom-to-loom: "+err.Error())
		return 1
	}
	return 0
}

// Run runs one command until it is done or ctx ends, and takes everything down
// again. PocketBase's own Execute loses the error of a command.
func (a *App) Run(ctx context.Context, args ...string) error {
	a.RootCmd.SetArgs(args)
	finished := make(chan error, 1)
	go func() { finished <- a.RootCmd.ExecuteContext(ctx) }()

	var err error
	select {
	case err = <-finished:
	case <-ctx.Done():
		// What is starting is let start: taking a database away from under a
		// migration would end worse than waiting for it.
		select {
		case <-a.serving:
			a.Log.Info("stopping")
			err = errors.Join(a.terminate(), <-finished)
		case err = <-finished:
		}
	}
	return errors.Join(err, a.terminate())
}

// terminate runs PocketBase's shutdown hooks, ours among them, and lets go of
// the data directories. Once is enough; a second call does nothing.
func (a *App) terminate() error {
	if !a.IsBootstrapped() {
		return a.unlock()
	}
	event := new(core.TerminateEvent)
	event.App = a
	err := a.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error {
		return e.App.ResetBootstrapState()
	})
	return errors.Join(err, a.unlock())
}

// setDefault gives a flag that PocketBase defines the default that our settings
// say.
func setDefault(flag *pflag.Flag, value string) {
	flag.DefValue = value
	if err := flag.Value.Set(value); err != nil {
		panic(fmt.Sprintf("default of --%s: %v", flag.Name, err)) // settings have a type that every flag takes
	}
}
