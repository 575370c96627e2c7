package transfer_test

import (
	"bufio"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestOnlyTheOwnerReadsAStoredFile(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1002)
	other := s.SignUpWithMeetings("other@example.com")
	completeTransfer(other, 1002)
	link := fileURL(p, 1002)
	path, _, _ := strings.Cut(link, "?")
	_, otherToken, _ := strings.Cut(fileURL(other, 1002), "?")

	assert.Equal(t, 200, s.Call("GET", link, "", nil).Status, "owner")
	assert.Equal(t, 401, s.Call("GET", path, "", nil).Status, "guest")
	assert.Equal(t, 403, s.Call("GET", path+"?"+otherToken, "", nil).Status, "another user's file token")
	assert.Equal(t, 403, s.Call("GET", path+"?token="+url.QueryEscape(p.Session), "", nil).Status, "a session in the URL")
	assert.Equal(t, 401, s.Call("GET", path+"?token=x", "", nil).Status, "a malformed token")

	ranged, err := http.NewRequest(http.MethodGet, link, nil)
	require.NoError(t, err)
	ranged.Header.Set("Range", "bytes=4-7")
	got := s.Do(ranged)
	assert.Equal(t, 206, got.Status, "players need range requests to seek")
	assert.Equal(t, "ftyp", got.Raw)
}

func TestFileThatIsNoMediaIsServedAsAttachment(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1001)
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	recording, err := db.App.FindFirstRecordByData("recordings", "recording_id", 1001)
	require.NoError(t, err)
	recording.Set("content_type", "text/html")
	require.NoError(t, db.App.SaveNoValidate(recording))
	got := s.Call("GET", fileURL(p, 1001), "", nil)
	require.Equal(t, 200, got.Status)
	assert.Equal(t, "application/octet-stream", got.Header.Get("Content-Type"))
	assert.Contains(t, got.Header.Get("Content-Disposition"), "attachment")
}

func TestRecordingIsNotDeletedDuringItsTransfer(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1001)
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	transfer, err := db.App.FindFirstRecordByData("transfers", "recording_id", 1001)
	require.NoError(t, err)
	recording := "/api/collections/recordings/records/" + recordFor(p, "recordings", 1001)["id"].(string)
	for _, status := range []string{"downloading", "stored", "uploading"} {
		transfer.Set("status", status)
		require.NoError(t, db.App.Save(transfer))
		assert.Equal(t, 400, p.Own("DELETE", recording, nil).Status, status)
	}
	transfer.Set("status", "delivered")
	require.NoError(t, db.App.Save(transfer))
	assert.Equal(t, 204, p.Own("DELETE", recording, nil).Status)
}

// A client that stops reading must not delay the shutdown until its connection times out.
func TestStalledDownloadDoesNotDelayShutdown(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 64 << 20}}, 1001)
	link := fileURL(p, 1001)

	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("GET " + strings.TrimPrefix(link, s.URL) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
	require.NoError(t, err)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil) // the body is never read
	require.NoError(t, err)
	require.Equal(t, 200, response.StatusCode)
	stopping := time.Now()
	require.NoError(t, s.Stop())
	assert.Less(t, time.Since(stopping), 10*time.Second)
}
