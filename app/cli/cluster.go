package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/natsconfig"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
)

func moverCommand(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "mover", Short: "Move recordings for a server on another machine", Args: cobra.NoArgs,
		Long: "Carry recordings from Fathom to S3 for the server of a cluster, until the command is stopped. It\n" +
			"needs no data directory and none of the server's keys: only CLUSTER_URL, CLUSTER_CREDS and, if\n" +
			"the storage has a private address, S3_ENDPOINT. What it was moving when it stops, another mover\n" +
			"or the server continues.",
		Example: "  CLUSTER_URL=tls://nats.example.com:4222 CLUSTER_CREDS=mover.nk CLUSTER_CA=ca.pem fathom-to-loom mover",
		RunE:    func(command *cobra.Command, _ []string) error { return a.RunMover(command.Context()) },
	}
}

func clusterCommand(a *app.App) *cobra.Command {
	return group("cluster", "Set up and list movers on other machines",
		"Set up NATS servers, over which the server finds movers on other machines, and list the movers.\ndocs/cluster.md describes when that is worth it.",
		clusterConfig(a), clusterList(a), clusterCheck(a))
}

func clusterConfig(a *app.App) *cobra.Command {
	var options natsconfig.Options
	var dir string
	command := &cobra.Command{
		Use: "config", Short: "Create the files that NATS servers, the server and movers need", Args: cobra.NoArgs,
		Long: "Create nats-server.conf, certificates, and the credentials of the server (home.nk) and of movers\n" +
			"(mover.nk) in a new folder. The configuration admits only these two, over TLS, and lets each do\n" +
			"only what it needs. Name one host or three, as the server and the movers reach them.",
		Example: "  fathom-to-loom cluster config --host nats.example.com --dir cluster",
		RunE: func(command *cobra.Command, _ []string) error {
			options.Cluster, options.Now = a.Config.ClusterName, time.Now()
			files, err := natsconfig.Generate(options)
			if err != nil {
				return err
			}
			if err := writeNewFolder(dir, files); err != nil {
				return err
			}
			return writeClusterAdvice(command.OutOrStdout(), dir, options, files)
		},
	}
	command.Flags().StringSliceVar(&options.Hosts, "host", nil, "host name or address of a NATS server; specify it once or three times")
	command.Flags().StringSliceVar(&options.Names, "name", nil, "further name or address by which a NATS server is reached")
	command.Flags().IntVar(&options.Port, "port", 4222, "port of the NATS servers")
	command.Flags().IntVar(&options.RoutePort, "route-port", 6222, "port at which three NATS servers reach each other")
	command.Flags().StringVar(&dir, "dir", "cluster", "new folder for the files")
	return command
}

// writeNewFolder writes files into a folder that must not exist: nobody wants to lose the credentials in it.
func writeNewFolder(dir string, files []natsconfig.File) error {
	if err := os.Mkdir(dir, 0o700); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already: specify a new folder with --dir", dir)
	} else if err != nil {
		return fmt.Errorf("create a folder: %w", err)
	}
	for _, file := range files {
		if err := os.WriteFile(filepath.Join(dir, file.Name), file.Content, file.Mode); err != nil {
			return fmt.Errorf("write %s: %w", file.Name, err)
		}
	}
	return nil
}

func writeClusterAdvice(to io.Writer, dir string, options natsconfig.Options, files []natsconfig.File) error {
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = file.Name
	}
	urls := make([]string, len(options.Hosts))
	for i, host := range options.Hosts {
		urls[i] = "tls://" + net.JoinHostPort(host, strconv.Itoa(options.Port))
	}
	_, err := fmt.Fprintf(to, `created %s with %s

Each NATS server   nats-server.conf, ca.pem, server.pem and server-key.pem: nats-server -c nats-server.conf
The server         home.nk and ca.pem
Each mover         mover.nk and ca.pem: fathom-to-loom mover

Settings of the server and of movers (the server also needs the S3_ settings):
CLUSTER_URL=%s
CLUSTER_CREDS=/path/to/home.nk or mover.nk
CLUSTER_CA=/path/to/ca.pem
`, dir, strings.Join(names, ", "), strings.Join(urls, ","))
	return err
}

func clusterList(a *app.App) *cobra.Command {
	command := &cobra.Command{
		Use: "list", Short: "List the movers that the running server knows", Args: cobra.NoArgs,
		Example: "  fathom-to-loom cluster list",
		RunE: func(command *cobra.Command, _ []string) error {
			movers, err := collect(command.Context(), a, operator.ListMovers, struct{}{})
			if err != nil {
				return err
			}
			return write(command, movers, writeMovers)
		},
	}
	addJSONFlag(command)
	return command
}

func clusterCheck(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Check that this machine reaches the NATS servers", Args: cobra.NoArgs,
		Long:    "Connect to a NATS server of CLUSTER_URL with CLUSTER_CREDS, on the server's machine or on that of a mover.",
		Example: "  fathom-to-loom cluster check",
		RunE: func(command *cobra.Command, _ []string) error {
			if err := a.CheckCluster(command.Context()); err != nil {
				return err
			}
			_, err := fmt.Fprintln(command.OutOrStdout(), "connected")
			return err
		},
	}
}

func writeMovers(to io.Writer, movers []dispatch.Node) error {
	if len(movers) == 0 {
		_, err := fmt.Fprintln(to, "no movers")
		return err
	}
	t := newTable(to)
	t.row("MOVER", "SLOTS", "BUSY", "VERSION")
	for _, mover := range movers {
		t.row(mover.ID, mover.Slots, mover.Busy, mover.Version)
	}
	return t.Flush()
}
