package natsconfig

import (
	"bytes"
	_ "embed"
	"fmt"
	"net"
	"strconv"
	"text/template"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

//go:embed nats-server.conf.tmpl
var configText string

var config = template.Must(template.New(ConfigFile).Parse(configText))

// render returns the settings of the servers. Nothing in them needs quoting: validate allows only plain names.
func (o Options) render(home, mover string) ([]byte, error) {
	values := struct {
		Options
		Prefix, Home, Mover, HomeInbox, MoverInbox, CA, Cert, Key string
		Routes                                                    []string
	}{
		Options: o, Prefix: dispatch.Prefix(o.Cluster), Home: home, Mover: mover, HomeInbox: HomeInbox, MoverInbox: MoverInbox,
		CA: CAFile, Cert: certFile, Key: keyFile,
	}
	if len(o.Hosts) > 1 {
		for _, host := range o.Hosts {
			values.Routes = append(values.Routes, "nats-route://"+net.JoinHostPort(host, strconv.Itoa(o.RoutePort)))
		}
	}
	var text bytes.Buffer
	if err := config.Execute(&text, values); err != nil {
		return nil, fmt.Errorf("write the settings of the nats-servers: %w", err)
	}
	return text.Bytes(), nil
}
