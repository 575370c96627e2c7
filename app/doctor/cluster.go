package doctor

import "context"

// checkCluster connects to the NATS servers over which the server finds movers.
func (e *examination) checkCluster(ctx context.Context) []Finding {
	if !e.App.Config.ClusterEnabled() {
		return one(ok("CLUSTER_URL is not set; this server moves all recordings itself"))
	}
	if err := e.App.CheckCluster(ctx); err != nil {
		return one(failed(Warn, err, "Check that nats-server runs, and the settings that begin with CLUSTER; until then, this server moves all recordings itself"))
	}
	return one(ok("a NATS server can be reached; fathom-to-loom cluster list shows the movers"))
}
