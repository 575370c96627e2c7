package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
)

func logCommand(a *app.App) *cobra.Command {
	root := group("log", "Manage the server's log", "Manage the server's log.", logLevel(a))
	addJSONFlag(root)
	return root
}

func logLevel(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "level [LEVEL]", Short: "Print or change what is logged", Args: requireArgs(0, 1, "at most one level: debug, info, warn or error"),
		Long: "Print the lowest level that the server logs or, with an argument, change it at once: debug,\n" +
			"info, warn or error. The change ends with the server, which starts with LOG_LEVEL.",
		Example: "  fathom-to-loom log level\n  fathom-to-loom log level debug",
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) == 0 {
				level, err := one(command.Context(), a, operator.GetLogLevel, operator.LogLevelRequest{})
				if err != nil {
					return err
				}
				return write(command, level, writeLogLevel)
			}
			level, err := parseLogLevel(args[0])
			if err != nil {
				return err
			}
			if !control.IsServed(command.Context(), a.DataDir()) {
				return errors.New("no server is running: set LOG_LEVEL, and start it")
			}
			client := control.Dial(a.DataDir())
			defer client.Close()
			changed, err := operator.SetLogLevel.One(command.Context(), client, operator.LogLevel{Level: level})
			if err != nil {
				return err
			}
			return write(command, changed, writeLogLevel)
		},
	}
}

// parseLogLevel accepts the levels of LOG_LEVEL.
func parseLogLevel(text string) (slog.Level, error) {
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		if strings.EqualFold(level.String(), text) {
			return level, nil
		}
	}
	return 0, fmt.Errorf("there is no level %q: use debug, info, warn or error", text)
}

func writeLogLevel(to io.Writer, l operator.LogLevel) error {
	_, err := fmt.Fprintln(to, strings.ToLower(l.Level.String()))
	return err
}
