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

func TestOnlyKnownMediaTypesAreDisplayed(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	for i, test := range []struct{ announced, stored string }{
		{"video/mp4", "video/mp4"},
		{"Video/MP4; codecs=\"avc1\"", "video/mp4"},
		{"audio/mpeg, text/html", "application/octet-stream"},
		{"video/mp4\ttext/html", "application/octet-stream"},
		{"video/x-html", "application/octet-stream"},
		{"image/svg+xml", "application/octet-stream"},
		{"", "application/octet-stream"},
	} {
		recordingID := int64(1001 + i)
		_, err := s.Simulator.Change(recordingID, simulator.WithAnnouncement(test.announced, 0))
		require.NoError(t, err)
		runTransfer(p, recordingID) // Loom accepts only some of the files
		assert.Equal(t, test.stored, recordFor(p, "recordings", recordingID)["content_type"], test.announced)
		requireServedAs(t, p, recordingID, test.stored)
	}

	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	recording, err := db.App.FindFirstRecordByData("recordings", "recording_id", 1001)
	require.NoError(t, err)
	recording.Set("content_type", "video/mp4,text/html") // as earlier versions stored it
	require.NoError(t, db.App.SaveNoValidate(recording))
	requireServedAs(t, p, 1001, "application/octet-stream")
}

func requireServedAs(t *testing.T, p apptest.Person, recordingID int64, contentType string) {
	t.Helper()
	got := p.Call("GET", fileURL(p, recordingID), "", nil)
	require.Equal(t, 200, got.Status)
	require.Equal(t, contentType, got.Header.Get("Content-Type"))
	disposition := "inline"
	if contentType == "application/octet-stream" {
		disposition = "attachment"
	}
	require.Contains(t, got.Header.Get("Content-Disposition"), disposition)
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
