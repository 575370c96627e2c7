package migrations_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	_ "github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func TestRateLimitsOfAnOperatorAreKept(t *testing.T) {
	const file = "1795800011_caller_limits.go"
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
	assert.False(t, app.Settings().RateLimits.Enabled)
	assert.NotContains(t, labels(app), "*:auth")

	require.NoError(t, down(app))
	assert.Contains(t, labels(app), "*:auth")
	settings := app.Settings()
	settings.RateLimits.Rules = append(settings.RateLimits.Rules, core.RateLimitRule{Label: "/api/health", MaxRequests: 5, Duration: 10})
	for i, rule := range settings.RateLimits.Rules {
		if rule.Label == "*:auth" {
			settings.RateLimits.Rules[i].MaxRequests = 3
		}
	}
	require.NoError(t, app.Save(settings))
	require.NoError(t, up(app))
	assert.True(t, app.Settings().RateLimits.Enabled)
	assert.ElementsMatch(t, []string{"*:auth", "/api/health"}, labels(app), "rules that an operator has changed or added")
}

func labels(app core.App) []string {
	var labels []string
	for _, rule := range app.Settings().RateLimits.Rules {
		labels = append(labels, rule.Label)
	}
	return labels
}
