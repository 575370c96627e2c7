package gateway_test

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// openHandles returns how many requests hold a person's database open.
func openHandles(p apptest.Person) int {
	p.T.Helper()
	infos, err := p.App.Databases.List(p.T.Context(), []string{p.Name})
	require.NoError(p.T, err)
	require.Len(p.T, infos, 1)
	return infos[0].Handles
}

func TestIdleDatabaseIsClosedAndReopened(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=200ms"}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	s.Eventually(func() bool { return s.OpenDatabases() == 0 })
	assert.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
}

func TestRequestHoldsNoDatabaseOpenWhileItsBodyArrives(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	body := `{"key":"slow"}`
	request := startSlowRequest(p, "/api/collections/preferences/records", len(body))
	assert.Zero(t, openHandles(p))
	request.send(body)
	assert.Equal(t, 200, request.readStatus())
}

func TestRequestWaitsForADatabaseToCloseAndIsThenRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_MAX_OPEN=1"}})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	handle, err := s.App.Databases.Acquire(t.Context(), other.Name)
	require.NoError(t, err)
	start := time.Now()
	refused := p.Own("GET", "/api/collections/meetings/records", nil)
	assert.Equal(t, 503, refused.Status, refused.Raw)
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Greater(t, time.Since(start), time.Second, "the request was refused without waiting")
	assert.Equal(t, 200, other.Own("GET", "/api/collections/meetings/records", nil).Status, "an open database stays available")
	handle.Release()
	assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
}

func TestCorruptDatabaseAffectsOnlyItsOwner(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	corrupt, intact := s.SignUp("corrupt@example.com"), s.SignUp("intact@example.com")
	require.NoError(t, s.Stop())
	require.NoError(t, os.WriteFile(corrupt.DataFile(), []byte("not a database"), 0o600))

	next := s.Restart()
	corrupt, intact = corrupt.On(next), intact.On(next)
	assert.Equal(t, 503, corrupt.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	assert.Contains(t, next.Log.String(), corrupt.Name)
	assert.Equal(t, 200, intact.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
}
