package config_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestLitestreamGetsItsOwnSettingsOnly(t *testing.T) {
	t.Parallel()
	cfg := config.LoadFrom(t.TempDir(), []string{
		"LITESTREAM_REPLICA=s3://bucket/standby/1", "LITESTREAM_ACCESS_KEY_ID=id", "LITESTREAM_SECRET_ACCESS_KEY=key", "JWT_SECRET=secret",
	})
	env := cfg.LitestreamEnv([]string{"PATH=/bin", "JWT_SECRET=secret", "DATA_DIR=pb_data", "AWS_CA_BUNDLE=/etc/ca.pem"}, "/srv/pb_data")
	slices.Sort(env)
	assert.Equal(t, []string{
		"DATA_DIR=/srv/pb_data", "LITESTREAM_ACCESS_KEY_ID=id", "LITESTREAM_REPLICA=s3://bucket/standby/1", "LITESTREAM_SECRET_ACCESS_KEY=key",
		"PATH=/bin", "SSL_CERT_FILE=/etc/ca.pem",
	}, env)
}
