package migrations_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPausesAndSchedulesOfEarlierVersionsAreKept(t *testing.T) {
	const file = "1796100000_queue_automation.go"
	var up, down func(core.App) error
	for _, migration := range core.AppMigrations.Items() {
		if migration.File == file {
			up, down = migration.Up, migration.Down
		}
	}
	require.NotNil(t, up)
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	require.NoError(t, app.Bootstrap())
	t.Cleanup(func() { require.NoError(t, app.ResetBootstrapState()) })
	require.NoError(t, app.RunAllMigrations())
	execute := func(statement string) {
		t.Helper()
		_, err := app.NonconcurrentDB().NewQuery(statement).Execute()
		require.NoError(t, err)
	}
	execute(`INSERT INTO queue_pauses (id, kind, user, source) VALUES ('p1', '*', '', 'operator'), ('p2', '*', '', 'provider'), ('p3', '*', 'u', 'operator')`)
	execute(`INSERT INTO job_schedules (id, user, kind, dedupe_key, system) VALUES ('s1', 'u', 'k', 'a', FALSE), ('s2', 'u', 'k', 'system:a', TRUE)`)
	execute(`INSERT INTO global_queue (id, user, kind, status, dedupe_key, again, paused) VALUES ('j1', 'u', 'k', 'pending', 'a', TRUE, TRUE)`)

	require.NoError(t, down(app))
	var left []string
	require.NoError(t, app.DB().NewQuery("SELECT id FROM queue_pauses UNION ALL SELECT id FROM job_schedules").Column(&left))
	assert.ElementsMatch(t, []string{"p1", "s1"}, left, "an earlier version knows no other pauses and schedules")
	execute(`INSERT INTO queue_pauses (id, kind) VALUES ('p4', 'k')`)

	require.NoError(t, up(app))
	pauses, err := app.FindAllRecords("queue_pauses")
	require.NoError(t, err)
	require.Len(t, pauses, 2)
	for _, pause := range pauses {
		assert.Equal(t, "operator", pause.GetString("source"), pause.Id)
		assert.Empty(t, pause.GetString("user"))
	}
	schedule, err := app.FindRecordById("job_schedules", "s1")
	require.NoError(t, err)
	assert.False(t, schedule.GetBool("system"))
	assert.Empty(t, schedule.GetString("stopped"))
	job, err := app.FindRecordById("global_queue", "j1")
	require.NoError(t, err)
	assert.False(t, job.GetBool("again") || job.GetBool("paused"))
}
