package userdb_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestLastUseAndSizeAreRecorded(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	p := s.SignUp("ada@example.com")
	assert.Greater(t, s.RegistryRow(p.Name)["size"], 100_000.0, "the size of a new database")
	p.CreateSamples()
	require.Equal(t, 200, listMeetings(p))
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["last_used"] != "" })

	open := s.SignUp("open@example.com")
	require.Equal(t, 200, listMeetings(open))
	require.NoError(t, s.Stop())
	var lastUsed string
	apptest.QueryRow(t, s.GlobalFile(), "SELECT last_used FROM user_databases WHERE name = '"+open.Name+"'", &lastUsed)
	assert.NotEmpty(t, lastUsed, "a stop records the last use")
}

func TestBackgroundWorkIsNoUse(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=100ms", "USER_DB_ARCHIVE_AFTER=30d"}})
	p := s.SignUpWithMeetings("ada@example.com")
	waitUntilAllClosed(s)
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["last_used"] != "" })
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context())) // records the last use
	s.Backdate(p.Name, "created", 60*24*time.Hour)
	s.Backdate(p.Name, "last_used", 31*24*time.Hour)
	s.Backdate(p.Name, "maintained_at", 24*time.Hour)
	before := s.RegistryRow(p.Name)
	apptest.Execute(t, s.GlobalFile(), "UPDATE user_databases SET size = 1 WHERE name = '"+p.Name+"'")

	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{"full": true}).Text("status"))
	waitUntilAllClosed(s)
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["size"] != 1.0 })
	assert.Equal(t, before["last_used"], s.RegistryRow(p.Name)["last_used"])
	require.NoError(t, s.App.Databases.Maintain(t.Context()))
	assert.NotEqual(t, before["maintained_at"], s.RegistryRow(p.Name)["maintained_at"], "what jobs write is maintained")
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.Equal(t, "archived", s.RegistryRow(p.Name)["status"])
}

func TestOpenStreamIsAUseUntilItEnds(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	p := s.SignUp("ada@example.com")
	unwatch := s.App.Databases.Watch(p.Name)
	require.Equal(t, 200, listMeetings(p))
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["last_used"] != "" })
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	s.Backdate(p.Name, "last_used", time.Hour)
	before := s.RegistryRow(p.Name)["last_used"]
	unwatch()
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["last_used"] != before })
}
