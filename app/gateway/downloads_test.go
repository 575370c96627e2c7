package gateway_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// startDownload starts to download a large recording and returns the rest of it after the first megabyte.
func startDownload(t testing.TB, p apptest.Person) io.ReadCloser {
	t.Helper()
	samples := p.CreateLargeRecording()
	token := p.Own("POST", "/api/files/token", nil).Text("token")
	return apptest.StartReading(t, p.DatabaseURL+"/api/files/recordings/"+samples.Recording+"/"+samples.File+"?token="+token)
}

func TestDownloadHoldsNoDatabaseOpen(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	p := s.SignUp("ada@example.com")
	body := startDownload(t, p)
	s.Eventually(func() bool { return s.OpenDatabases() == 0 })
	rest, err := io.Copy(io.Discard, body)
	require.NoError(t, err)
	assert.EqualValues(t, 255<<20, rest, "the download must complete after the database was closed")
	require.NoError(t, body.Close())
}

func TestDownloadEndsWhenPasswordChanges(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for kind, start := range map[string]func(testing.TB, apptest.Person) io.ReadCloser{"file": startDownload, "export": apptest.StartExport} {
		p := s.SignUp(kind + "@example.com")
		body := start(t, p)
		changePassword(p)
		_, err := io.Copy(io.Discard, body)
		require.Error(t, err, "the %s must not complete after the password was changed", kind)
		require.NoError(t, body.Close())
	}
}

// TestExportsAreLimitedByClientNetwork checks that the limit applies to the network of the address that a trusted proxy
// reports, not to the address of the proxy.
func TestExportsAreLimitedByClientNetwork(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}})
	exportFrom := func(address string, p apptest.Person) *http.Request {
		request, err := http.NewRequest("GET", p.DatabaseURL+"/api/export?token="+p.ExportToken(), nil)
		require.NoError(t, err)
		request.Header.Set("X-Real-IP", address)
		return request
	}
	for i := range 4 {
		p := s.SignUp(fmt.Sprintf("p%d@example.com", i))
		p.CreateLargeRecording()
		response, err := http.DefaultClient.Do(exportFrom("10.0.0.1", p))
		require.NoError(t, err)
		defer response.Body.Close()
		require.Equal(t, 200, response.StatusCode)
	}
	fifth := s.SignUp("fifth@example.com")
	refused := s.Do(exportFrom("10.0.0.77", fifth))
	assert.Equal(t, 503, refused.Status)
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Equal(t, 200, s.Do(exportFrom("10.0.2.1", fifth)).Status, "another client of the same proxy")
}

func TestUserGetsOneExportAtATime(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	body := apptest.StartExport(t, p)
	refused := s.Call("GET", p.DatabaseURL+"/api/export?token="+p.ExportToken(), "", nil)
	assert.Equal(t, 429, refused.Status, refused.Raw)
	assert.Equal(t, "application/json", refused.Header.Get("Content-Type"))
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	require.NoError(t, body.Close())
	s.Eventually(func() bool { return len(s.Leftovers()) == 0 })
}
