package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// healthCommand is for container health checks, because the image contains neither a shell nor curl.
func healthCommand(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "health", Short: "Check that the server is running and healthy", Example: "  fathom-to-loom health", Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(command.Context(), 3*time.Second)
			defer cancel()
			host := a.Config.BindAddress
			if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
				host = "127.0.0.1"
			}
			link := "http://" + net.JoinHostPort(host, strconv.Itoa(a.Config.GlobalPort)) + "/api/health"
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
			if err != nil {
				return err
			}
			// The server is on this machine, so no proxy is used.
			client := http.Client{Transport: outbound.Network{}.Transport()}
			defer client.CloseIdleConnections()
			response, err := client.Do(request)
			if err != nil {
				return fmt.Errorf("reach the server (is it running on port %d?): %w", a.Config.GlobalPort, err)
			}
			defer response.Body.Close()
			if response.StatusCode != http.StatusOK {
				return fmt.Errorf("check server health: status %d", response.StatusCode)
			}
			var health struct{ Data struct{ Disk string } }
			if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&health); err != nil {
				return fmt.Errorf("check server health: %w", err)
			}
			if health.Data.Disk != "" {
				_, err = fmt.Fprintln(command.OutOrStdout(), "ok, but the disk is "+health.Data.Disk)
				return err
			}
			_, err = fmt.Fprintln(command.OutOrStdout(), "ok")
			return err
		},
	}
}
