package userdb_test

import (
	"testing"

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
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["last_used"] != "" })

	open := s.SignUp("open@example.com")
	open.CreateSamples()
	require.NoError(t, s.Stop())
	var lastUsed string
	apptest.QueryRow(t, s.GlobalFile(), "SELECT last_used FROM user_databases WHERE name = '"+open.Name+"'", &lastUsed)
	assert.NotEmpty(t, lastUsed, "a stop records the last use")
}
