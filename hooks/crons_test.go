package hooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// The cron ticks at full minutes, also while the server starts or stops. Operators are not to look for a fault then.
func TestMaintenanceThatIsDueWhileTheServerStopsIsNoFailure(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	require.NoError(t, s.Stop())
	for _, id := range []string{"clock", "pollQueue", "userDatabaseMaintenance"} {
		runCron(s, id)
	}
	assert.NotContains(t, s.Log.String(), "failed to run maintenance")
}
