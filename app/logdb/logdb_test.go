package logdb_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/logdb"
	_ "github.com/fathom-to-loom/fathom-to-loom/migrations" // and those of PocketBase's own tables
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// PocketBase starts these once for the process.
		goleak.IgnoreTopFunction("github.com/pocketbase/pocketbase/tools/store.(*Store[...]).cleanup"),
	)
}

const maxBytes = 1 << 20

// newApp returns an app whose log database is bounded if bound is true.
func newApp(t *testing.T, dir string, bound bool) *core.BaseApp {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if bound {
		logdb.Bound(app, maxBytes, slog.New(slog.DiscardHandler))
	}
	require.NoError(t, app.Bootstrap())
	return app
}

// closeApp writes the entries that wait and closes the files.
func closeApp(t *testing.T, app *core.BaseApp) {
	t.Helper()
	event := new(core.TerminateEvent)
	event.App = app
	require.NoError(t, app.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ResetBootstrapState() }))
}

func fileSize(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "auxiliary.db"))
	require.NoError(t, err)
	return info.Size()
}

// messages returns the messages of all entries, the oldest first.
func messages(t *testing.T, app core.App) (found []string) {
	t.Helper()
	require.NoError(t, app.AuxConcurrentDB().Select("message").From("_logs").OrderBy("rowid").Column(&found))
	return found
}

func TestABurstOfEntriesKeepsTheSizeLimit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	app := newApp(t, dir, true)
	for range 2000 { // 8 MB
		app.Logger().Error("burst", slog.String("data", strings.Repeat("x", 4<<10)))
	}
	app.Logger().Error("last")
	closeApp(t, app)
	assert.LessOrEqual(t, fileSize(t, dir), int64(maxBytes))

	app = newApp(t, dir, true)
	defer closeApp(t, app)
	kept := messages(t, app)
	require.Greater(t, len(kept), 100, "only the oldest entries are deleted")
	assert.Equal(t, "last", kept[len(kept)-1])
}

func TestALargeEntryIsCut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	app := newApp(t, dir, true)
	app.Logger().Error(strings.Repeat("é", 500<<10), slog.String("data", strings.Repeat("é", 2<<20)))
	app.Logger().Error("next", slog.Int("n", 1))
	closeApp(t, app)
	app = newApp(t, dir, true)
	defer closeApp(t, app)
	var entries []*core.Log
	require.NoError(t, app.LogQuery().OrderBy("rowid").All(&entries))
	require.Len(t, entries, 2)
	assert.Less(t, len(entries[0].Message)+len(entries[0].Data.String()), 64<<10)
	assert.Equal(t, "next", entries[1].Message)
	assert.EqualValues(t, 1, entries[1].Data["n"])
}

func TestWarningsThatClientsCauseAreDropped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	app := newApp(t, dir, true)
	app.Logger().Warn("failed to apply default enriching", "error", "unknown relation")
	app.Logger().Warn("disk is slow")
	closeApp(t, app)
	app = newApp(t, dir, true)
	defer closeApp(t, app)
	assert.Equal(t, []string{"disk is slow"}, messages(t, app))
}

func TestShrinkReturnsSpaceToTheDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	app := newApp(t, dir, false)
	for range 1500 {
		app.Logger().Error("old", slog.String("data", strings.Repeat("x", 4<<10)))
	}
	closeApp(t, app)
	require.Greater(t, fileSize(t, dir), int64(5<<20))

	app = newApp(t, dir, true)
	require.NoError(t, logdb.Shrink(context.Background(), app, maxBytes))
	kept := messages(t, app)
	closeApp(t, app)
	assert.LessOrEqual(t, fileSize(t, dir), int64(maxBytes))
	assert.Greater(t, len(kept), 50)
}

func TestSettingsKeepWarningsForSomeDays(t *testing.T) {
	for _, c := range []struct{ days, want int }{{0, 1}, {5, 5}, {365, 30}} {
		settings := &core.Settings{}
		settings.Logs.MaxDays, settings.Logs.MinLevel = c.days, int(slog.LevelDebug)
		logdb.Settings(settings)
		assert.Equal(t, c.want, settings.Logs.MaxDays)
		assert.Equal(t, int(slog.LevelWarn), settings.Logs.MinLevel)
	}
}
