package simulator_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

type mediaFile struct {
	URL         string    `json:"url"`
	ContentType string    `json:"content_type"`
	Size        int64     `json:"file_size_bytes"`
	ExpiresAt   time.Time `json:"expires_at"`
}

type recordingDownload struct {
	DownloadID  string     `json:"download_id"`
	RecordingID int64      `json:"recording_id"`
	Status      string     `json:"status"`
	Video       *mediaFile `json:"video"`
	Audio       *mediaFile `json:"audio"`
	Reason      string     `json:"failure_reason"`
}

// id formats a recording ID.
func id(n int64) string { return strconv.FormatInt(n, 10) }

// requestDownload requests the download of a recording.
func (s *sim) requestDownload(recording int64) recordingDownload {
	s.t.Helper()
	res := s.api(http.MethodPost, "/recordings/"+id(recording)+"/download", "{}")
	require.Equal(s.t, http.StatusAccepted, res.StatusCode, "%s", res.body)
	var d recordingDownload
	res.decode(s.t, &d)
	return d
}

// poll requests the status of a download.
func (s *sim) poll(d recordingDownload) recordingDownload {
	s.t.Helper()
	res := s.get("/recordings/" + id(d.RecordingID) + "/downloads/" + d.DownloadID)
	require.Equal(s.t, http.StatusOK, res.StatusCode, "%s", res.body)
	var out recordingDownload
	res.decode(s.t, &out)
	return out
}

// completed requests the download of a recording and polls until its file is ready.
func (s *sim) completed(recording int64) *mediaFile {
	s.t.Helper()
	d := s.requestDownload(recording)
	for range 10 {
		switch {
		case d.Video != nil:
			return d.Video
		case d.Audio != nil:
			return d.Audio
		}
		d = s.poll(d)
	}
	require.Fail(s.t, "download did not complete", "%+v", d)
	return nil
}

func TestDownloadCompletesAfterProcessing(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	d := s.requestDownload(1001)
	assert.Regexp(t, `^dl_[0-9a-z]{30}$`, d.DownloadID)
	assert.Equal(t, int64(1001), d.RecordingID)
	for range simulator.DefaultProcessingPolls {
		require.Equal(t, "processing", d.Status)
		require.Nil(t, d.Video)
		d = s.poll(d)
	}
	require.Equal(t, "processing", d.Status)
	d = s.poll(d)
	require.Equal(t, "completed", d.Status)
	require.NotNil(t, d.Video)
	assert.Nil(t, d.Audio)
	groundTruth, _ := s.Meeting(1001)
	assert.Equal(t, groundTruth.Size, d.Video.Size)
	assert.Equal(t, "video/mp4", d.Video.ContentType)

	res := s.getURL(d.Video.URL)
	require.Equal(t, http.StatusOK, res.StatusCode)
	assert.Equal(t, groundTruth.Size, res.ContentLength)
	assert.Equal(t, groundTruth.SHA256, sum(res.body))
	assert.Empty(t, s.Violations())
}

func TestInvalidDownloadRequestsAreRejected(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{APIKeys: []string{simulator.DemoAPIKey, "other"}})
	for path, status := range map[string]int{
		"/recordings/1022/download": http.StatusForbidden,
		"/recordings/1023/download": http.StatusUnprocessableEntity,
		"/recordings/9999/download": http.StatusNotFound,
		"/recordings/x/download":    http.StatusNotFound,
	} {
		assert.Equal(t, status, s.api(http.MethodPost, path, "").StatusCode, path)
	}
	for _, body := range []string{"[]", "{", `{"destination_url":"nowhere"}`} {
		assert.Equal(t, http.StatusBadRequest, s.api(http.MethodPost, "/recordings/1001/download", body).StatusCode, body)
	}
	d := s.requestDownload(1001)
	assert.Equal(t, http.StatusNotFound, s.get("/recordings/1002/downloads/"+d.DownloadID).StatusCode)
	assert.Equal(t, http.StatusNotFound, s.get("/recordings/1001/downloads/dl_x").StatusCode)
	s.key = "other"
	res := s.get("/recordings/1001/downloads/" + d.DownloadID)
	assert.Equal(t, http.StatusNotFound, res.StatusCode, "other keys do not see the download")
}

func TestAudioDownloadCompletesImmediately(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	d := s.requestDownload(1021)
	require.Equal(t, "completed", d.Status)
	require.NotNil(t, d.Audio)
	assert.Nil(t, d.Video)
	assert.Equal(t, "audio/mp4", d.Audio.ContentType)
	groundTruth, _ := s.Meeting(1021)
	assert.Equal(t, groundTruth.SHA256, sum(s.getURL(d.Audio.URL).body))
}

func TestFailedGenerationIsReported(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{ProcessingPolls: -1})
	d := s.poll(s.requestDownload(1024))
	assert.Equal(t, "failed", d.Status)
	assert.Equal(t, simulator.FailureGeneration, d.Reason)

	_, err := s.Change(1001, simulator.FailGenerationTimes(simulator.FailureTimeout, 1))
	require.NoError(t, err)
	d = s.poll(s.requestDownload(1001))
	assert.Equal(t, simulator.FailureTimeout, d.Reason)
	assert.Equal(t, "completed", s.poll(s.requestDownload(1001)).Status, "only the first generation fails")
}

func TestSignedURLsExpire(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := start(t, simulator.Config{ProcessingPolls: -1, Now: now.Now})
	_, err := s.Change(1001, simulator.ExpiresAfter(time.Minute))
	require.NoError(t, err)
	d := s.poll(s.requestDownload(1001))
	assert.Equal(t, now.Now().Add(time.Minute), d.Video.ExpiresAt)
	assert.Equal(t, http.StatusOK, s.getURL(d.Video.URL).StatusCode)
	now.Advance(time.Minute)
	assert.Equal(t, http.StatusForbidden, s.getURL(d.Video.URL).StatusCode)
	expired := s.poll(d)
	assert.Equal(t, "expired", expired.Status)
	assert.Nil(t, expired.Video)
	assert.Equal(t, "completed", s.poll(s.requestDownload(1001)).Status, "a new request returns a new URL")
}
