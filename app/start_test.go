package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestSecondProcessCannotUseTheSameDataDirectory(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	err := cli.Run(t.Context(), apptest.NewApp(s.Dir), "serve")
	require.ErrorContains(t, err, "another fathom-to-loom is running")
}

func TestServerWithABusyPortFailsAndStartsNoJob(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	earlier := apptest.Start(t, apptest.Options{})
	p := earlier.SignUp("ada@example.com")
	created := earlier.Call("POST", earlier.URL+apptest.JobsPath, p.Token, map[string]any{
		"kind": "fathom.sync", "payload": map[string]any{}, "run_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339),
	})
	require.Equal(t, 200, created.Status, created.Raw)
	require.NoError(t, earlier.Stop())
	apptest.Execute(t, earlier.GlobalFile(), "UPDATE global_queue SET run_at = '2020-01-01 00:00:00.000Z', ready = TRUE")

	err := cli.Run(t.Context(), apptest.NewApp(earlier.Dir), "serve", "--http", strings.TrimPrefix(s.URL, "http://"))
	require.ErrorContains(t, err, "address already in use")
	var status string
	var attempts int
	apptest.QueryRow(t, earlier.GlobalFile(), "SELECT status, attempts FROM global_queue", &status, &attempts)
	assert.Equal(t, "pending", status)
	assert.Zero(t, attempts)

	p = p.On(earlier.Restart())
	p.Eventually(func() bool { return p.Job(created.Text("id")).Text("status") == "dead" }) // it has no Fathom key
}

func TestReadOnlyCommandExcludesAServerWithoutALockFile(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	require.NoError(t, s.Stop())
	for _, dir := range []string{"pb_data", "user_dbs"} {
		require.NoError(t, os.Remove(filepath.Join(s.Dir, dir, ".lock")))
	}
	command := apptest.NewApp(s.Dir)
	require.NoError(t, command.StartForOperator(t.Context(), true))
	require.ErrorIs(t, apptest.NewApp(s.Dir).StartForOperator(t.Context(), true), app.ErrRunning)
	require.ErrorContains(t, cli.Run(t.Context(), apptest.NewApp(s.Dir), "serve"), "another fathom-to-loom is running")
	require.NoError(t, command.Terminate())
	s.Restart()
}

// A plan that can't be read must not be taken for none: the data may be replaced by half.
func TestStartRefusesAnInterruptedRestoreThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.NoError(t, s.Stop())
	plan := filepath.Join(s.Dir, "pb_data", ".restoring", "commit.json")
	for _, breakPlan := range []func() error{
		func() error { return os.MkdirAll(plan, 0o700) }, // reading it fails, whoever the process runs as
		func() error { return os.WriteFile(plan, []byte(`{"set":"20260101T0`), 0o600) },
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(plan), 0o700))
		require.NoError(t, breakPlan())
		for _, command := range [][]string{{"serve"}, {"userdb", "migrate", "--all"}} {
			err := cli.Run(t.Context(), apptest.NewApp(s.Dir), command...)
			require.ErrorContains(t, err, "complete the interrupted restore of a backup", "%v", command)
		}
		_, err := os.Lstat(plan)
		require.NoError(t, err, "nothing was changed")
		require.NoError(t, os.RemoveAll(plan))
	}
	require.Equal(t, 200, s.Restart().SignIn(p.Email).Status)
}
