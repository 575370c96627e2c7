package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Statuses of a download, https://developers.fathom.ai/api-reference/openapi.yaml (RecordingDownload).
const (
	statusProcessing = "processing"
	statusCompleted  = "completed"
	statusFailed     = "failed"
	statusExpired    = "expired"
)

// fileJSON is the File object of a completed download.
type fileJSON struct {
	URL         string `json:"url"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"file_size_bytes"`
	ExpiresAt   string `json:"expires_at"`
}

// downloadJSON is the RecordingDownload object. Missing videos and audio files are absent, not null.
type downloadJSON struct {
	DownloadID    string    `json:"download_id"`
	RecordingID   int64     `json:"recording_id"`
	Status        string    `json:"status"`
	Video         *fileJSON `json:"video,omitempty"`
	Audio         *fileJSON `json:"audio,omitempty"`
	FailureReason string    `json:"failure_reason,omitempty"`
}

// toJSON returns a download of m's file as the API represents it. Its links start with baseURL.
func (st *downloadStore) toJSON(d *download, m *meeting, baseURL string) downloadJSON {
	st.mu.Lock()
	defer st.mu.Unlock()
	out := downloadJSON{DownloadID: d.id, RecordingID: d.recording, Status: statusProcessing}
	switch {
	case !d.ready:
		return out
	case d.failure != "":
		out.Status, out.FailureReason = statusFailed, d.failure
		return out
	case !st.cfg.Now().Before(d.expires):
		out.Status = statusExpired
		return out
	}
	out.Status = statusCompleted
	f := &fileJSON{
		URL:         fmt.Sprintf("%s/media/%s?expires=%d&sig=%s", baseURL, d.token, d.expires.Unix(), d.signature()),
		ContentType: m.file.clip.contentType,
		Size:        m.file.size,
		ExpiresAt:   formatTime(d.expires),
	}
	if m.announced != nil {
		f.ContentType, f.Size = m.announced.contentType, m.announced.size
	}
	if m.audioOnly {
		out.Audio = f
	} else {
		out.Video = f
	}
	return out
}

// postDownload handles POST /recordings/{recording_id}/download.
func (s *Server) postDownload(w http.ResponseWriter, r *http.Request, c client) {
	var in struct {
		DestinationURL string `json:"destination_url"`
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
	if err == nil && len(bytes.TrimSpace(body)) > 0 {
		err = json.Unmarshal(body, &in)
	}
	if err != nil || (in.DestinationURL != "" && !isDestination(in.DestinationURL)) {
		writeError(w, http.StatusBadRequest, "the body must be absent or {\"destination_url\": URL}")
		return
	}
	m := s.meetings.findVisible(c, r.PathValue("recording_id"))
	switch {
	case m == nil:
		writeError(w, http.StatusNotFound, "recording not found")
		return
	case m.limited:
		writeError(w, http.StatusForbidden, "you can view this recording but not download it")
		return
	case m.file == nil:
		writeError(w, http.StatusUnprocessableEntity, "recording has no downloadable media")
		return
	}
	d := s.downloads.add(m, c)
	writeJSON(w, http.StatusAccepted, s.downloads.toJSON(d, m, s.baseURL(r)))
	if in.DestinationURL != "" {
		s.callWhenReady(in.DestinationURL, d, m, s.baseURL(r))
	}
}

// callWhenReady completes a download after the meeting's time, or otherwise at once, and posts it to a destination.
func (s *Server) callWhenReady(destination string, d *download, m *meeting, baseURL string) {
	if m.readyAfter <= 0 {
		s.downloads.completeNow(d, m)
		s.postCallback(destination, s.downloads.toJSON(d, m, baseURL))
		return
	}
	s.life.runBackground(func(ctx context.Context) {
		select {
		case <-time.After(m.readyAfter):
			s.downloads.completeNow(d, m)
			s.postCallback(destination, s.downloads.toJSON(d, m, baseURL))
		case <-ctx.Done():
		}
	})
}

// getDownload handles GET /recordings/{recording_id}/downloads/{download_id}. It responds with 404 for the
// downloads of other clients.
func (s *Server) getDownload(w http.ResponseWriter, r *http.Request, c client) {
	m := s.meetings.findVisible(c, r.PathValue("recording_id"))
	d := s.downloads.find(r.PathValue("download_id"))
	if m == nil || m.file == nil || d == nil || d.recording != m.id || d.owner != c.key {
		writeError(w, http.StatusNotFound, "download not found")
		return
	}
	s.downloads.poll(d, m)
	writeJSON(w, http.StatusOK, s.downloads.toJSON(d, m, s.baseURL(r)))
}
