package doctor_test

import (
	"testing"

	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestNATSServersAreTried(t *testing.T) {
	t.Parallel()
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}), "cluster", doctor.OK, "CLUSTER_URL is not set")
	bucket, server := s3test.Start(t, s3test.Options{}), natstest.Start(t)
	settings := append(bucket.Settings(), "CLUSTER_URL="+server.URL)
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, settings...), "cluster", doctor.OK, "can be reached")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, append(settings, "CLUSTER_CREDS=/nowhere/home.nk")...), "cluster", doctor.Warn, "seed file")
	server.Kill()
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, settings...), "cluster", doctor.Warn, "no NATS server")
}
