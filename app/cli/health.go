package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/health"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// healthLimit is how long the command waits: an answer takes a little longer than health.Limit at most.
const healthLimit = health.Limit * 3 / 2

const askEvery = 250 * time.Millisecond // while the server isn't ready yet

// healthCommand is for container health checks, because the image contains neither a shell nor curl.
func healthCommand(a *app.App) *cobra.Command {
	var wait time.Duration
	command := &cobra.Command{
		Use: "health", Short: "Check that the server is running and healthy", Example: "  fathom-to-loom health\n  fathom-to-loom health --wait 1m", Args: cobra.NoArgs,
		Long: "Ask the server on this machine whether requests and jobs work. The exit code is 0 if they do, even if\n" +
			"something else needs an operator, such as a full disk. The reasons are shown if METRICS_TOKEN is set.",
		RunE: func(command *cobra.Command, _ []string) error {
			report, err := awaitHealth(command.Context(), a, wait)
			if err != nil {
				return err
			}
			if err := writeHealth(command.OutOrStdout(), report); err != nil {
				return err
			}
			if report.Status == health.Unavailable {
				return errors.New("the server is not ready")
			}
			return nil
		},
	}
	command.Flags().DurationVar(&wait, "wait", 0, "how long to wait until the server is ready, such as 1m")
	return command
}

// awaitHealth asks the server until it is ready or the wait is over, and returns the last answer.
func awaitHealth(ctx context.Context, a *app.App, wait time.Duration) (health.Report, error) {
	ticker := time.NewTicker(askEvery)
	defer ticker.Stop()
	for began := time.Now(); ; {
		report, err := readHealth(ctx, a)
		isReady := err == nil && report.Status != health.Unavailable
		if isReady || time.Since(began) >= wait {
			return report, err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return report, context.Cause(ctx)
		}
	}
}

// readHealth asks the server on this machine.
func readHealth(ctx context.Context, a *app.App) (report health.Report, err error) {
	ctx, cancel := context.WithTimeout(ctx, healthLimit)
	defer cancel()
	host := a.Config.BindAddress
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	link := "http://" + net.JoinHostPort(host, strconv.Itoa(a.Config.GlobalPort)) + "/readyz"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return report, err
	}
	if a.Config.MetricsToken.IsSet() {
		request.Header.Set("Authorization", "Bearer "+a.Config.MetricsToken.Reveal())
	}
	// The server is on this machine, so no proxy is used.
	client := http.Client{Transport: outbound.Network{}.Transport()}
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return report, fmt.Errorf("reach the server (is it running on port %d?): %w", a.Config.GlobalPort, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusServiceUnavailable {
		return report, fmt.Errorf("check server health: status %d", response.StatusCode)
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&report); err != nil {
		return report, fmt.Errorf("check server health: %w", err)
	}
	return report, nil
}

func writeHealth(to io.Writer, report health.Report) error {
	lines := newTable(to)
	lines.row(report.Status)
	for _, finding := range report.Checks {
		if finding.Status != health.OK {
			lines.row(finding.Check + ": " + finding.Message + ". " + finding.Advice + ".")
		}
	}
	if report.Status != health.OK && len(report.Checks) == 0 {
		lines.row("Run \"fathom-to-loom doctor\" to see why, or set METRICS_TOKEN.")
	}
	return lines.Flush()
}
