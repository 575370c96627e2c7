package cli

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func simulatorCommand() *cobra.Command {
	cfg := simulator.Config{Atlassian: &simulator.AtlassianConfig{}}
	var sizeMB int64
	var report string
	command := &cobra.Command{
		Use:   "simulator",
		Short: "Run a simulated Fathom, Loom and Atlassian for development",
		Example: "  fathom-to-loom simulator --addr 127.0.0.1:8091\n" +
			"  FATHOM_API_URL=http://127.0.0.1:8091/external/v1 LOOM_URL=http://127.0.0.1:8091 \\\n" +
			"    ATLASSIAN_MCP_URL=http://127.0.0.1:8091/v2/mcp ATLASSIAN_MCP_UPLOAD_HOSTS=127.0.0.1 fathom-to-loom serve",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			cfg.RecordingSize = sizeMB << 20
			if report != "" {
				recorded, err := readReport(report)
				if err != nil {
					return err
				}
				cfg.Recorded = recorded
			}
			cfg.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
			sim, err := simulator.New(cfg)
			if err != nil {
				return err
			}
			if err := sim.Start(command.Context()); err != nil {
				return err
			}
			out := command.OutOrStdout()
			fmt.Fprintf(out, "Simulator   %s\n", sim.URL())
			fmt.Fprintf(out, "Fathom API  FATHOM_API_URL=%s\n", sim.FathomURL())
			fmt.Fprintf(out, "Loom        LOOM_URL=%s\n", sim.LoomURL())
			fmt.Fprintf(out, "API key     %s\n", simulator.DemoAPIKey)
			fmt.Fprintf(out, "Atlassian   ATLASSIAN_MCP_URL=%s ATLASSIAN_MCP_UPLOAD_HOSTS=127.0.0.1\n", sim.AtlassianURL())
			fmt.Fprintf(out, "API token   %s (%s)\n", simulator.DemoAtlassianToken, simulator.DemoAtlassianEmail)
			<-command.Context().Done()
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			return sim.Stop(ctx)
		},
	}
	flags := command.Flags()
	flags.StringVar(&cfg.Addr, "addr", "127.0.0.1:8091", "loopback address to listen on")
	flags.IntVar(&cfg.Meetings, "meetings", 24, "number of meetings")
	flags.Int64Var(&sizeMB, "recording-mb", 0, "size of every recording in MB; 0 keeps the small sample clips")
	flags.StringVar(&report, "replay", "", "report of \"fathom inspect\" to answer with")
	flags.BoolVar(&cfg.RateLimits, "rate-limits", false, "enforce Fathom's rate limits")
	return command
}

func readReport(path string) (*simulator.Recorded, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open report: %w", err)
	}
	defer file.Close()
	return simulator.ReadReport(file)
}
