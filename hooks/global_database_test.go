package hooks_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// Litestream always reads the global database. PocketBase's own maintenance waits for it for ten seconds, and keeps others
// from writing meanwhile.
func TestNightlyMaintenanceDoesNotWaitForReaders(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	reader, err := sqlite.Open(s.GlobalFile())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, reader.Close()) })
	tx, err := reader.Begin()
	require.NoError(t, err)
	var users int
	require.NoError(t, tx.NewQuery("SELECT COUNT(*) FROM users").Row(&users))
	s.SignUp("ada@example.com") // so that the log has more than the reader has seen

	begun, ran := time.Now(), false
	for _, job := range s.App.Cron().Jobs() {
		if job.Id() == "__pbDBOptimize__" {
			job.Run()
			ran = true
		}
	}
	assert.True(t, ran, "PocketBase gave its maintenance another name")
	assert.Less(t, time.Since(begun), 5*time.Second)
	require.NoError(t, tx.Rollback())
}
