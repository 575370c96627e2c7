package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/inspect"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loominspect"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

func loomCommand(a *app.App) *cobra.Command {
	return group("loom", "Ask Atlassian's MCP server how uploads to Loom behave", "", loomInspect(a))
}

func loomInspect(a *app.App) *cobra.Command {
	var tokenFile, keyFile, output string
	var cfg loominspect.Config
	command := &cobra.Command{
		Use: "inspect", Short: "Write a report of the server's responses, without private data", Args: cobra.NoArgs,
		Long: "Write a report of the responses of Atlassian's MCP server, without private data. It shows what is\n" +
			"unpublished about uploads to Loom, and \"simulator --replay\" answers with it. Credentials, names,\n" +
			"titles, addresses, ids and dates are replaced, while the descriptions of Loom's operations remain;\n" +
			"read the report before you share it. It is written even if something fails.\n\n" +
			"The command only reads, except that --upload uploads a clip of two seconds, publishes it and makes\n" +
			"it visible to you only. Atlassian offers no way to delete it: please do that at Loom.\n\n" +
			"The first line of --token-file is an API token, or an e-mail address and an API token with a colon\n" +
			"in between. That of --key-file is the API key of a service account.",
		Example: "  fathom-to-loom loom inspect --email ada@example.com --token-file token.txt --output report.json\n" +
			"  fathom-to-loom loom inspect --token-file - --upload --output report.json < email-and-token.txt",
		RunE: func(command *cobra.Command, _ []string) error {
			if output == "" {
				return errors.New("specify --output FILE")
			}
			if err := readCredential(command.InOrStdin(), &cfg, tokenFile, keyFile); err != nil {
				return err
			}
			done, err := configureLoomInspect(a, &cfg)
			if err != nil {
				return fmt.Errorf("inspect loom: %w", err)
			}
			defer done()
			cfg.Progress = func(line string) { fmt.Fprintln(command.ErrOrStderr(), line) }
			return writeLoomReport(command, cfg, output)
		},
	}
	flags := command.Flags()
	flags.StringVar(&cfg.Email, "email", "", "e-mail `address` of the Atlassian account that the token belongs to")
	flags.StringVar(&tokenFile, "token-file", "", "file that contains an API token, or - for standard input")
	flags.StringVar(&keyFile, "key-file", "", "file that contains an API key of a service account, or - for standard input")
	flags.StringVar(&cfg.Site, "site", "", "`address` of the Atlassian site, if the account has several")
	flags.BoolVar(&cfg.Upload, "upload", false, "also upload and publish a clip of two seconds")
	flags.StringVar(&output, "output", "", "report to create")
	return command
}

// readCredential reads either a token or a key.
func readCredential(stdin io.Reader, cfg *loominspect.Config, tokenFile, keyFile string) (err error) {
	switch {
	case tokenFile != "" && keyFile != "":
		return errors.New("specify either --token-file or --key-file")
	case keyFile != "":
		if cfg.Email != "" {
			return errors.New("specify --token-file with --email; a service account's key needs no e-mail address")
		}
		cfg.Key, err = readKey(stdin, keyFile)
		return err
	case tokenFile == "":
		return errors.New("specify --token-file FILE or --key-file FILE, or - for standard input")
	}
	if cfg.Token, err = readKey(stdin, tokenFile); err != nil {
		return err
	}
	if email, token, both := strings.Cut(cfg.Token, ":"); both && cfg.Email == "" && strings.Contains(email, "@") {
		cfg.Email, cfg.Token = strings.TrimSpace(email), strings.TrimSpace(token)
	}
	if cfg.Email == "" || cfg.Token == "" {
		return errors.New("specify --email ADDRESS, or a file with ADDRESS:TOKEN")
	}
	return nil
}

// configureLoomInspect adds the settings of the program. The caller calls done at the end.
func configureLoomInspect(a *app.App, cfg *loominspect.Config) (done func(), err error) {
	settings, network, local := a.Config, a.Network(), a.Config.LocalAtlassian()
	cfg.Version, cfg.Logger = app.BuildVersion(), a.Log
	cfg.Endpoint, cfg.ProtocolVersion = settings.AtlassianMCPURL, settings.AtlassianMCPProtocolVersion
	cfg.Hosts, cfg.AllowHTTP, cfg.Names = settings.AtlassianUploadHosts(), local != nil, settings.AtlassianMCPOperations.Names()
	cfg.CallTimeout, cfg.IdleTimeout = settings.AtlassianMCPCallTimeout.Std(), settings.AtlassianMCPUploadIdleTimeout.Std()
	cfg.ProcessingWait = settings.AtlassianProcessingWait()
	transport, files := network.Transport(), network.Transport()
	cfg.Transport, cfg.FileTransport = transport, outbound.NewGuard(network, local).Transport(files)
	if cfg.Loom, err = loom.New(loom.Config{BaseURL: settings.LoomURL, Network: network, Logger: a.Log}); err != nil {
		return nil, err
	}
	return func() {
		transport.CloseIdleConnections()
		if closer, ok := cfg.FileTransport.(interface{ CloseIdleConnections() }); ok {
			closer.CloseIdleConnections()
		}
		cfg.Loom.Close()
	}, nil
}

// writeLoomReport keeps a report that is incomplete, and still returns why it is.
func writeLoomReport(command *cobra.Command, cfg loominspect.Config, output string) error {
	var report inspect.Report
	var incomplete error
	err := durable.CreateFile(output, 0o600, func(to io.Writer) error {
		var err error
		if report, err = loominspect.Run(command.Context(), cfg, to); report.Format == 0 {
			return err
		}
		incomplete = err
		return nil
	})
	if err != nil {
		return fmt.Errorf("inspect loom: %w", err)
	}
	for _, answer := range report.Answers {
		fmt.Fprintf(command.OutOrStdout(), "%s: %s\n", answer.Question, answer.Answer)
	}
	fmt.Fprintln(command.ErrOrStderr(), "written to "+output)
	if incomplete != nil {
		return fmt.Errorf("inspect loom: %w", incomplete)
	}
	return nil
}
