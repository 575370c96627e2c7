package cli

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"

	"github.com/pocketbase/pocketbase/cmd"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/fathom-to-loom/fathom-to-loom/app"
)

// serveCommand returns PocketBase's serve command. Its flags override settings, and are checked as they are.
func serveCommand(a *app.App) *cobra.Command {
	serve := cmd.NewServeCommand(a, false)
	serve.Use = "serve [DOMAIN ...]"
	serve.Short = "Start the server"
	serve.Long = "Start the server. With domains, it also serves HTTPS and obtains certificates for them from\n" +
		"Let's Encrypt."
	serve.Example = "  fathom-to-loom serve"
	flags := serve.PersistentFlags()
	http, https, origins := flags.Lookup("http"), flags.Lookup("https"), flags.Lookup("origins")
	http.Usage = "address to listen on; overrides BIND_ADDRESS and PB_GLOBAL_PORT (0.0.0.0:80 with domains)"
	https.Usage = "address to listen on for HTTPS (0.0.0.0:443 with domains)"
	origins.Usage = "origins that may call the API from a browser; overrides CORS_ORIGINS"
	setDefault(http, a.Config.ListenAddr())
	replaceList(origins, a.Config.AllowedOrigins())
	origins.DefValue = origins.Value.String()
	serve.PreRunE = func(command *cobra.Command, domains []string) error {
		if len(domains) > 0 && !http.Changed {
			setDefault(http, "") // PocketBase then listens on its default ports for domains
		}
		if err := overrideSettings(a, http, origins, domains); err != nil {
			return err
		}
		replaceList(origins, a.Config.AllowedOrigins())
		return a.Prepare(command.Context())
	}
	run := serve.RunE
	serve.RunE = func(command *cobra.Command, domains []string) error {
		err := run(command, domains)
		if http.Changed || len(domains) > 0 {
			return explainListenError(err, "--http or --https")
		}
		return explainListenError(err, "PB_GLOBAL_PORT or BIND_ADDRESS")
	}
	return serve
}

// overrideSettings copies flags that were given into the settings, so that there is one value of each, and
// every check and every service uses it.
func overrideSettings(a *app.App, http, origins *pflag.Flag, domains []string) error {
	settings := *a.Config
	if http.Changed {
		host, port, err := net.SplitHostPort(http.Value.String())
		if err != nil {
			return errors.New("--http is not valid: expected an address and a port, such as 127.0.0.1:8090")
		}
		if settings.GlobalPort, err = strconv.Atoi(port); err != nil {
			return errors.New("--http is not valid: expected a port number, such as in 127.0.0.1:8090")
		}
		settings.BindAddress = cmp.Or(host, "0.0.0.0")
	}
	if origins.Changed {
		settings.CORSOrigins = origins.Value.(pflag.SliceValue).GetSlice()
	}
	if len(domains) > 0 && settings.PublicURL == "" {
		settings.PublicURL = "https://" + domains[0]
	}
	a.Config = &settings
	return nil
}

// explainListenError adds advice to an error of listening on a TCP address. Other errors are returned
// unchanged. settings are the names of those that determine the address.
func explainListenError(err error, settings string) error {
	var listen *net.OpError
	if !errors.As(err, &listen) || listen.Op != "listen" || !strings.HasPrefix(listen.Net, "tcp") {
		return err
	}
	cause := listen.Err
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		cause = errno
	}
	advice := "set " + settings
	switch {
	case errors.Is(cause, syscall.EADDRINUSE):
		advice = "stop the program that uses it, or set another " + settings
	case errors.Is(cause, syscall.EACCES):
		advice = "only root may use ports below 1024: set another " + settings
	case errors.Is(cause, syscall.EADDRNOTAVAIL):
		advice = "this machine does not have the address: set another " + settings
	}
	return fmt.Errorf("listen on %v: %w: %s", listen.Addr, cause, advice)
}

// setDefault replaces the default value of a flag that PocketBase defines.
func setDefault(flag *pflag.Flag, value string) {
	flag.DefValue = value
	if err := flag.Value.Set(value); err != nil {
		panic(fmt.Sprintf("set the default of --%s: %v", flag.Name, err)) // the flag accepts any text
	}
}

// replaceList sets a list flag. Its Set method would add to the list.
func replaceList(flag *pflag.Flag, values []string) {
	if err := flag.Value.(pflag.SliceValue).Replace(values); err != nil {
		panic(fmt.Sprintf("set --%s: %v", flag.Name, err)) // the flag accepts any text
	}
}
