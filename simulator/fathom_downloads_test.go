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

func id(n int64) string { return strconv.FormatInt(n, 10) }

func (s *sim) requestDownload(recording int64) recordingDownload {
	s.t.Helper()
	a := s.api(http.MethodPost, "/recordings/"+id(recording)+"/download", "{}")
	require.Equal(s.t, http.StatusAccepted, a.StatusCode, "%s", a.body)
	var d recordingDownload
	a.into(s.t, &d)
	return d
}

func (s *sim) poll(d recordingDownload) recordingDownload {
	s.t.Helper()
	a := s.get("/recordings/" + id(d.RecordingID) + "/downloads/" + d.DownloadID)
	require.Equal(s.t, http.StatusOK, a.StatusCode, "%s", a.body)
	var out recordingDownload
	a.into(s.t, &out)
	return out
}

// completed asks for a recording and polls until its file is there.
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
	require.Fail(s.t, "download never completed", "%+v", d)
	return nil
}

func TestDownloadIsProcessedThenCompleted(t *testing.T) {
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
	truth, _ := s.Meeting(1001)
	assert.Equal(t, truth.Size, d.Video.Size)
	assert.Equal(t, "video/mp4", d.Video.ContentType)

	a := s.ask(d.Video.URL)
	require.Equal(t, http.StatusOK, a.StatusCode)
	assert.Equal(t, truth.Size, a.ContentLength)
	assert.Equal(t, truth.SHA256, sum(a.body))
	assert.Empty(t, s.Violations())
}

func TestDownloadsThatAreRefused(t *testing.T) {
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
	assert.Equal(t, http.StatusNotFound, s.get("/recordings/1001/downloads/"+d.DownloadID).StatusCode, "private to the key")
}

func TestAudioIsCompleteAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	d := s.requestDownload(1021)
	require.Equal(t, "completed", d.Status)
	require.NotNil(t, d.Audio)
	assert.Nil(t, d.Video)
	assert.Equal(t, "audio/mp4", d.Audio.ContentType)
	truth, _ := s.Meeting(1021)
	assert.Equal(t, truth.SHA256, sum(s.ask(d.Audio.URL).body))
}

func TestGenerationMayFail(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{ProcessingPolls: -1})
	d := s.poll(s.requestDownload(1024))
	assert.Equal(t, "failed", d.Status)
	assert.Equal(t, simulator.FailureGeneration, d.Reason)

	_, err := s.Change(1001, simulator.FailGenerationTimes(simulator.FailureTimeout, 1))
	require.NoError(t, err)
	d = s.poll(s.requestDownload(1001))
	assert.Equal(t, simulator.FailureTimeout, d.Reason)
	assert.Equal(t, "completed", s.poll(s.requestDownload(1001)).Status, "the second time it works")
}

func TestSignedURLsExpire(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := start(t, simulator.Config{ProcessingPolls: -1, Now: now.Now})
	_, err := s.Change(1001, simulator.ExpiresAfter(time.Minute))
	require.NoError(t, err)
	d := s.poll(s.requestDownload(1001))
	assert.Equal(t, now.Now().Add(time.Minute), d.Video.ExpiresAt)
	assert.Equal(t, http.StatusOK, s.ask(d.Video.URL).StatusCode)
	now.add(time.Minute)
	assert.Equal(t, http.StatusForbidden, s.ask(d.Video.URL).StatusCode)
	expired := s.poll(d)
	assert.Equal(t, "expired", expired.Status)
	assert.Nil(t, expired.Video)
	assert.Equal(t, "completed", s.poll(s.requestDownload(1001)).Status, "a new request gives a new URL")
}
