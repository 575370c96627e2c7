package gateway_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// handles is how many requests hold a person's database open.
func handles(p apptest.Person) int {
	p.T.Helper()
	infos, err := p.App.Databases.List(p.T.Context(), []string{p.Name})
	require.NoError(p.T, err)
	require.Len(p.T, infos, 1)
	return infos[0].Handles
}

// begunDownload is a download of a recording.
func begunDownload(t testing.TB, p apptest.Person) io.ReadCloser {
	t.Helper()
	mine := p.CreateLargeRecording()
	token := p.Own("POST", "/api/files/token", nil).Text("token")
	return apptest.StartReading(t, p.DatabaseURL+"/api/files/recordings/"+mine.Recording+"/"+mine.File+"?token="+token)
}

func TestADownloadHoldsNoDatabaseOpen(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	p := s.SignUp("ada@example.com")
	body := begunDownload(t, p)
	s.Eventually(func() bool { return s.OpenDatabases() == 0 })
	rest, err := io.Copy(io.Discard, body)
	require.NoError(t, err)
	assert.EqualValues(t, 255<<20, rest, "all of it comes nevertheless")
	require.NoError(t, body.Close())
}

func TestADownloadEndsWithItsSession(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for what, begin := range map[string]func(testing.TB, apptest.Person) io.ReadCloser{"file": begunDownload, "export": apptest.StartExport} {
		p := s.SignUp(what + "@example.com")
		body := begin(t, p)
		changed := s.Call("PATCH", s.URL+"/api/collections/users/records/"+p.ID, p.Token, map[string]any{
			"oldPassword": apptest.Password, "password": "another-password", "passwordConfirm": "another-password"})
		require.Equal(t, 200, changed.Status, changed.Raw)
		_, err := io.Copy(io.Discard, body)
		require.Error(t, err, "%s went on after the password had been changed", what)
		require.NoError(t, body.Close())
	}
}

// Exports are counted by the address that the proxy tells, not by the proxy's own.
func TestExportsAreCountedByAddress(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}})
	export := func(p apptest.Person, address string) *http.Request {
		request, err := http.NewRequest("GET", p.DatabaseURL+"/api/export?token="+p.ExportToken(), nil)
		require.NoError(t, err)
		request.Header.Set("X-Real-IP", address)
		return request
	}
	for i := range 4 {
		p := s.SignUp(fmt.Sprintf("p%d@example.com", i))
		p.CreateLargeRecording()
		response, err := http.DefaultClient.Do(export(p, "10.0.0.1"))
		require.NoError(t, err)
		defer response.Body.Close()
		require.Equal(t, 200, response.StatusCode)
	}
	fifth := s.SignUp("fifth@example.com")
	refused := s.Do(export(fifth, "10.0.0.1"))
	assert.Equal(t, 503, refused.Status)
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Equal(t, 200, s.Do(export(fifth, "10.0.0.2")).Status, "behind the same proxy")
}

func TestOneExportAtATime(t *testing.T) {
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

// begunRequest is one of which the body, of so many bytes, has been asked for and
// not sent.
func begunRequest(p apptest.Person, length int) (net.Conn, *bufio.Reader) {
	p.T.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
	require.NoError(p.T, err)
	p.T.Cleanup(func() { _ = conn.Close() }) // it may be closed
	require.NoError(p.T, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = fmt.Fprintf(conn, "POST %s/api/collections/preferences/records HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n",
		strings.TrimPrefix(p.DatabaseURL, p.URL), p.Session, length)
	require.NoError(p.T, err)
	answers := bufio.NewReader(conn)
	line, err := answers.ReadString('\n')
	require.NoError(p.T, err)
	require.Contains(p.T, line, "100 Continue")
	return conn, answers
}

func TestAUserHasOnlySoManyRequestsAtOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	var first net.Conn
	for range 50 {
		first, _ = begunRequest(p, 10)
	}
	refused := p.Own("GET", "/api/collections/meetings/records", nil)
	assert.Equal(t, 429, refused.Status, refused.Raw)
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Equal(t, 200, other.Own("GET", "/api/collections/meetings/records", nil).Status)
	require.NoError(t, first.Close())
	s.Eventually(func() bool { return p.Own("GET", "/api/collections/meetings/records", nil).Status == 200 })
}

func TestASlowRequestHoldsNoDatabaseOpen(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	body := `{"key":"slow"}`
	conn, answers := begunRequest(p, len(body))
	assert.Zero(t, handles(p), "while the body comes in nothing is open for it")
	_, err := io.WriteString(conn, body)
	require.NoError(t, err)
	_, err = answers.ReadString('\n') // the empty line after 100 Continue
	require.NoError(t, err)
	line, err := answers.ReadString('\n')
	require.NoError(t, err)
	assert.Contains(t, line, "200 OK")
}

func TestWhenAllDatabasesAreInUseTheNextOneWaitsItsTurn(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_MAX_OPEN=1"}})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	held, err := s.App.Databases.Acquire(t.Context(), other.Name)
	require.NoError(t, err)
	began := time.Now()
	refused := p.Own("GET", "/api/collections/meetings/records", nil)
	assert.Equal(t, 503, refused.Status, refused.Raw)
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Greater(t, time.Since(began), time.Second, "it was not given a chance")
	assert.Equal(t, 200, other.Own("GET", "/api/collections/meetings/records", nil).Status)
	held.Release()
	assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
}
