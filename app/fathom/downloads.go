package fathom

import (
	"context"
	"encoding/json"
	"mime"
	"net/url"
	"time"
)

// DownloadStatus is where the making of a file stands. Others than those below
// may come: treat them as processing, within a limit.
type DownloadStatus string

// The states of a download.
const (
	DownloadProcessing DownloadStatus = "processing"
	DownloadCompleted  DownloadStatus = "completed"
	DownloadFailed     DownloadStatus = "failed"
	DownloadExpired    DownloadStatus = "expired" // ask for a new one
)

// Why a download failed.
const (
	FailureGeneration = "generation_failed"
	FailureTimeout    = "generation_timeout"
)

// Download is Fathom's promise of a recording's file. It belongs to the key that
// asked for it. Keep DownloadID before polling: whether asking twice makes two
// files is undocumented.
// https://developers.fathom.ai/api-reference
type Download struct {
	DownloadID    string         `json:"download_id"`
	RecordingID   int64          `json:"recording_id"`
	Status        DownloadStatus `json:"status"`
	Video         *File          `json:"video,omitempty"`
	Audio         *File          `json:"audio,omitempty"` // instead of Video, for audio-only recordings
	FailureReason string         `json:"failure_reason,omitempty"`
}

// File returns the video, else the audio; false when there is none (yet).
func (d Download) File() (File, bool) {
	for _, f := range []*File{d.Video, d.Audio} {
		if f != nil && !f.URL.IsZero() {
			return *f, true
		}
	}
	return File{}, false
}

// File is a finished file at a file host, to be had by anyone who has its URL,
// for about a day.
type File struct {
	URL         SecretURL `json:"url"`
	ContentType string    `json:"content_type"`    // video/mp4, audio/mp4, audio/mpeg
	Size        int64     `json:"file_size_bytes"` // 0 when unknown
	ExpiresAt   time.Time `json:"expires_at"`
}

// Ext is the file name extension that goes with ContentType, with its dot; ".mp4"
// for video of an unknown kind, blank for anything else unknown.
func (f File) Ext() string {
	kind, _, _ := mime.ParseMediaType(f.ContentType)
	switch kind {
	case "video/quicktime":
		return ".mov"
	case "video/webm":
		return ".webm"
	case "audio/mp4", "audio/x-m4a":
		return ".m4a"
	case "audio/mpeg":
		return ".mp3"
	}
	if len(kind) > 6 && kind[:6] == "video/" {
		return ".mp4"
	}
	return ""
}

// UnmarshalJSON forgives an odd expires_at: the file host is who decides.
func (f *File) UnmarshalJSON(data []byte) error {
	type plain File
	read := struct {
		*plain
		ExpiresAt stamp `json:"expires_at"`
	}{plain: (*plain)(f)}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	f.ExpiresAt = time.Time(read.ExpiresAt)
	return nil
}

// RequestDownload asks Fathom to make the recording's file. Audio-only ones may be
// completed at once. KindForbidden (limited share) and KindUnprocessable (no
// media) are final. May be sent more than once when the network fails. Charged to
// the download budget.
// https://developers.fathom.ai/api-reference
func (a *Account) RequestDownload(ctx context.Context, recordingID int64) (Download, error) {
	return a.download(ctx, call{
		op: "request download", method: "POST", path: recordingPath(recordingID, "download"),
		body: struct{}{}, bucket: bucketDownload,
	})
}

// Download asks how a download is doing. A download of another key, or an unknown
// one, is KindNotFound or KindForbidden. Charged to the global budget.
func (a *Account) Download(ctx context.Context, recordingID int64, downloadID string) (Download, error) {
	c := call{op: "get download", method: "GET", path: recordingPath(recordingID, "downloads/") + url.PathEscape(downloadID)}
	if !pathSegment(downloadID) {
		return Download{}, &Error{Op: c.op, Kind: KindBadRequest, Detail: "unusable download id"}
	}
	return a.download(ctx, c)
}

func (a *Account) download(ctx context.Context, c call) (Download, error) {
	var d Download
	if err := a.do(ctx, c, &d); err != nil {
		return Download{}, err
	}
	if d.DownloadID == "" || d.Status == "" {
		return Download{}, &Error{Op: c.op, Kind: KindInvalidResponse, Detail: "download without id or status"}
	}
	if _, ok := d.File(); d.Status == DownloadCompleted && !ok {
		return Download{}, &Error{Op: c.op, Kind: KindInvalidResponse, Detail: "completed download without a file"}
	}
	return d, nil
}

// pathSegment keeps an id from naming another resource.
func pathSegment(id string) bool { return id != "" && id != "." && id != ".." }
