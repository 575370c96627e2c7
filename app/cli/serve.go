package cli

import (
	"fmt"

	"github.com/pocketbase/pocketbase/cmd"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/fathom-to-loom/fathom-to-loom/app"
)

// serveCommand returns PocketBase's serve command, with the settings as the defaults of its flags.
func serveCommand(a *app.App) *cobra.Command {
	serve := cmd.NewServeCommand(a, false)
	serve.Use = "serve [DOMAIN ...]"
	serve.Short = "Start the server"
	serve.Long = "Start the server. With domains, it also serves HTTPS and obtains certificates for them from\n" +
		"Let's Encrypt."
	serve.Example = "  fathom-to-loom serve"
	flags := serve.PersistentFlags()
	http, https, origins := flags.Lookup("http"), flags.Lookup("https"), flags.Lookup("origins")
	http.Usage = "address to listen on (0.0.0.0:80 with domains)"
	https.Usage = "address to listen on for HTTPS (0.0.0.0:443 with domains)"
	origins.Usage = "origins that may call the API from a browser; overrides CORS_ORIGINS"
	setDefault(http, a.Config.ListenAddr())
	// Set would make the flag add to this list; Replace lets it override the list.
	if err := origins.Value.(pflag.SliceValue).Replace(a.Config.AllowedOrigins()); err != nil {
		panic(fmt.Sprintf("set the default of --origins: %v", err))
	}
	origins.DefValue = origins.Value.String()
	serve.PreRunE = func(_ *cobra.Command, domains []string) error {
		if len(domains) > 0 && !http.Changed {
			setDefault(http, "") // PocketBase then listens on its default ports for domains
		}
		return a.Prepare()
	}
	return serve
}

// setDefault replaces the default value of a flag that PocketBase defines.
func setDefault(flag *pflag.Flag, value string) {
	flag.DefValue = value
	if err := flag.Value.Set(value); err != nil {
		panic(fmt.Sprintf("set the default of --%s: %v", flag.Name, err)) // the flag accepts any text
	}
}
