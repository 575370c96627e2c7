package operator

import (
	"context"
	"errors"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

// ListMovers lists the movers that the server has heard from in the last seconds.
var ListMovers = Operation[struct{}, dispatch.Node]{Name: "cluster/list", ReadOnly: true}

var errNoCluster = errors.New("no server is running with CLUSTER_URL: movers are known to the running server only")

func bindCluster(server *control.Server, cfg Config) {
	ListMovers.bind(server, func(_ context.Context, _ struct{}, emit func(dispatch.Node) error) error {
		if cfg.Movers == nil {
			return errNoCluster
		}
		for _, node := range cfg.Movers.Movers() {
			if err := emit(node); err != nil {
				return err
			}
		}
		return nil
	})
}
