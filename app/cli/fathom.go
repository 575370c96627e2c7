package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/inspect"
)

func fathomCommand(a *app.App) *cobra.Command {
	return group("fathom", "Ask the Fathom API how it behaves", "", fathomInspect(a))
}

func fathomInspect(a *app.App) *cobra.Command {
	var keyFile, output string
	var cfg inspect.Config
	command := &cobra.Command{
		Use: "inspect", Short: "Write a report of the API's responses, without private data", Args: cobra.NoArgs,
		Long: "Write a report of the API's responses, without private data. It shows what Fathom's documentation\n" +
			"leaves open, and \"simulator --replay\" answers with it. Names, texts, addresses, links, numbers\n" +
			"and dates are replaced; read the report before you share it.\n\n" +
			"The command sends at most 40 requests, one per second. It changes nothing, except that --download\n" +
			"has Fathom prepare a file, and --webhook creates a webhook and removes it. With --destination,\n" +
			"Fathom also posts the link to that file to an address, which must be yours: anyone who has the\n" +
			"link can download the recording for a while.",
		Example: "  fathom-to-loom fathom inspect --key-file key.txt --output report.json\n" +
			"  fathom-to-loom fathom inspect --key-file - --download 123456789 --output report.json < key.txt",
		RunE: func(command *cobra.Command, _ []string) (err error) {
			if output == "" {
				return errors.New("specify --output FILE")
			}
			if cfg.DestinationURL != "" && cfg.Download == 0 {
				return errors.New("specify --download ID with --destination")
			}
			if cfg.Key, err = readKey(command.InOrStdin(), keyFile); err != nil {
				return err
			}
			cfg.Version = app.BuildVersion()
			cfg.BaseURL, cfg.Network, cfg.Logger = a.Config.FathomAPIURL, a.Network(), a.Log
			cfg.Progress = func(e inspect.Exchange) { fmt.Fprintln(command.ErrOrStderr(), e) }
			var report inspect.Report
			err = durable.CreateFile(output, 0o600, func(to io.Writer) error {
				report, err = inspect.Run(command.Context(), cfg, to)
				return err
			})
			if err != nil {
				return fmt.Errorf("inspect fathom: %w", err)
			}
			for _, answer := range report.Answers {
				fmt.Fprintf(command.OutOrStdout(), "%s: %s\n", answer.Question, answer.Answer)
			}
			_, err = fmt.Fprintln(command.ErrOrStderr(), "written to "+output)
			return err
		},
	}
	flags := command.Flags()
	flags.StringVar(&keyFile, "key-file", "", "file that contains a Fathom API key, or - for standard input")
	flags.StringVar(&output, "output", "", "report to create")
	flags.Int64Var(&cfg.Download, "download", 0, "recording `id` of which the file is requested")
	flags.StringVar(&cfg.DestinationURL, "destination", "", "https `address` of yours that Fathom posts the link to the file of --download to")
	flags.StringVar(&cfg.WebhookURL, "webhook", "", "https `address` for which a webhook is created and removed")
	return command
}

// readKey returns the first line of a file. A key is never an argument, which other users of the machine could see.
func readKey(stdin io.Reader, path string) (string, error) {
	if path == "" {
		return "", errors.New("specify --key-file FILE, or --key-file - for standard input")
	}
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return "", fmt.Errorf("open the key file: %w", err)
		}
		defer file.Close()
		stdin = file
	}
	line, err := bufio.NewReader(io.LimitReader(stdin, 4<<10)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the key: %w", err)
	}
	key := strings.TrimSpace(line)
	if key == "" {
		return "", errors.New("read the key: the first line is empty")
	}
	return key, nil
}
