package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Statuses of a download, https://developers.fathom.ai/api-reference/openapi.yaml (RecordingDownload).
const (
	statusProcessing = "processing"
	statusCompleted  = "completed"
	statusFailed     = "failed"
	statusExpired    = "expired"
)

// download is one request for a recording's file. Asking twice makes two: whether Fathom merges them is undocumented.
type download struct {
	id        string
	token     string // path of the signed URL
	recording int64
	owner     string // the credential that asked; nobody else may see it
	pollsLeft int
	ready     bool
	failure   string
	expires   time.Time
}

type downloadBook struct {
	cfg      Config
	mu       sync.Mutex // guards what is in the downloads as well
	rng      *rand.Rand
	byID     map[string]*download
	byToken  map[string]*download
	failures map[int64]int // generations that failed so far, by recording
	noRange  bool
}

func newDownloadBook(cfg Config) *downloadBook {
	b := &downloadBook{cfg: cfg}
	b.reset()
	return b
}

func (b *downloadBook) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rng = newIDs()
	b.byID, b.byToken, b.failures = map[string]*download{}, map[string]*download{}, map[int64]int{}
	b.noRange = b.cfg.NoRange
}

// add begins the generation of m's file for c.
func (b *downloadBook) add(m *meeting, c client) *download {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := &download{
		id:        "dl_" + token(b.rng, 15),
		token:     token(b.rng, 20),
		recording: m.id,
		owner:     c.key,
		pollsLeft: m.polls,
	}
	if d.pollsLeft < 0 {
		d.pollsLeft = max(b.cfg.ProcessingPolls, 0)
	}
	if m.failReason != "" && (m.failTimes < 0 || b.failures[m.id] < m.failTimes) {
		d.failure = m.failReason
		b.failures[m.id]++
	}
	if m.audioOnly {
		b.complete(d, m) // there is nothing to generate, so the 202 has it already
	}
	b.byID[d.id], b.byToken[d.token] = d, d
	return d
}

// poll moves the generation on by one status poll.
func (b *downloadBook) poll(d *download, m *meeting) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if d.pollsLeft > 0 {
		d.pollsLeft--
		return
	}
	b.complete(d, m)
}

// finishNow completes the generation whatever is left of it, which is what happens before a callback.
func (b *downloadBook) finishNow(d *download, m *meeting) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complete(d, m)
}

func (b *downloadBook) complete(d *download, m *meeting) {
	if !d.ready {
		d.ready, d.pollsLeft = true, 0
		d.expires = b.cfg.Now().Add(m.expiresAfter)
	}
}

// wireFile is the File object of a completed download.
type wireFile struct {
	URL         string `json:"url"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"file_size_bytes"`
	ExpiresAt   string `json:"expires_at"`
}

// wireDownload is the RecordingDownload object; video and audio are absent, not null, when they are not there.
type wireDownload struct {
	DownloadID    string    `json:"download_id"`
	RecordingID   int64     `json:"recording_id"`
	Status        string    `json:"status"`
	Video         *wireFile `json:"video,omitempty"`
	Audio         *wireFile `json:"audio,omitempty"`
	FailureReason string    `json:"failure_reason,omitempty"`
}

func (s *Server) wireDownload(r *http.Request, d *download, m *meeting) wireDownload {
	b := s.downloads
	b.mu.Lock()
	defer b.mu.Unlock()
	out := wireDownload{DownloadID: d.id, RecordingID: d.recording, Status: statusProcessing}
	switch {
	case !d.ready:
		return out
	case d.failure != "":
		out.Status, out.FailureReason = statusFailed, d.failure
		return out
	case !b.cfg.Now().Before(d.expires):
		out.Status = statusExpired
		return out
	}
	out.Status = statusCompleted
	f := &wireFile{
		URL:         fmt.Sprintf("%s/media/%s?expires=%d&sig=%s", s.baseURL(r), d.token, d.expires.Unix(), signature(d)),
		ContentType: m.file.clip.contentType,
		Size:        m.file.size,
		ExpiresAt:   stamp(d.expires),
	}
	if m.audioOnly {
		out.Audio = f
	} else {
		out.Video = f
	}
	return out
}

// postDownload answers POST /recordings/{recording_id}/download.
func (s *Server) postDownload(w http.ResponseWriter, r *http.Request, c client) {
	var in struct {
		DestinationURL string `json:"destination_url"`
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
	if err == nil && len(bytes.TrimSpace(body)) > 0 {
		err = json.Unmarshal(body, &in)
	}
	if err != nil || (in.DestinationURL != "" && !validDestination(in.DestinationURL)) {
		writeError(w, http.StatusBadRequest, "the body must be absent or {\"destination_url\": URL}")
		return
	}
	m := s.library.findFor(c, r.PathValue("recording_id"))
	switch {
	case m == nil:
		writeError(w, http.StatusNotFound, "recording not found")
		return
	case m.limited:
		writeError(w, http.StatusForbidden, "you may view this recording but not download it")
		return
	case m.file == nil:
		writeError(w, http.StatusUnprocessableEntity, "recording has no downloadable media")
		return
	}
	d := s.downloads.add(m, c)
	writeJSON(w, http.StatusAccepted, s.wireDownload(r, d, m))
	if in.DestinationURL != "" {
		s.downloads.finishNow(d, m)
		s.callBack(in.DestinationURL, s.wireDownload(r, d, m))
	}
}

// getDownload answers GET /recordings/{recording_id}/downloads/{download_id}. Somebody else's is as unknown as one
// that never was.
func (s *Server) getDownload(w http.ResponseWriter, r *http.Request, c client) {
	m := s.library.findFor(c, r.PathValue("recording_id"))
	s.downloads.mu.Lock()
	d := s.downloads.byID[r.PathValue("download_id")]
	s.downloads.mu.Unlock()
	if m == nil || m.file == nil || d == nil || d.recording != m.id || d.owner != c.key {
		writeError(w, http.StatusNotFound, "download not found")
		return
	}
	s.downloads.poll(d, m)
	writeJSON(w, http.StatusOK, s.wireDownload(r, d, m))
}
