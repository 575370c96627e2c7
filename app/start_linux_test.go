package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// Not even root can create files in /sys.
func TestServerRefusesAReadOnlyDataDirectory(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]string{
		"DATA_DIR=/sys/kernel":     "data directory /sys/kernel is read-only",
		"USER_DBS_DIR=/sys/kernel": "data directory /sys/kernel is read-only",
	} {
		err := cli.Run(t.Context(), apptest.NewApp(t.TempDir(), setting), "serve")
		require.ErrorContains(t, err, want, setting)
	}
}
