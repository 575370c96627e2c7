package fathom

import (
	"context"
	"encoding/json"
	"mime"
	"net/url"
	"strings"
	"time"
)

// DownloadStatus is the state of a download. Treat a value that is not listed below as
// DownloadProcessing, for a limited time.
type DownloadStatus string

// The states of a download.
const (
	DownloadProcessing DownloadStatus = "processing"
	DownloadCompleted  DownloadStatus = "completed"
	DownloadFailed     DownloadStatus = "failed"  // see FailureReason
	DownloadExpired    DownloadStatus = "expired" // request a new one
)

// Download is a request for a recording's file, which Fathom prepares in the background. It belongs to
// the key that requested it. Save DownloadID before polling: it is undocumented whether a second request
// prepares a second file.
// https://developers.fathom.ai/api-reference
type Download struct {
	DownloadID    string         `json:"download_id"`
	RecordingID   int64          `json:"recording_id"`
	Status        DownloadStatus `json:"status"`
	Video         *File          `json:"video,omitempty"`
	Audio         *File          `json:"audio,omitempty"` // instead of Video, for audio-only recordings
	FailureReason string         `json:"failure_reason,omitempty"`
}

// File returns the video or otherwise the audio. It reports false when there is no file yet.
func (d Download) File() (File, bool) {
	for _, f := range []*File{d.Video, d.Audio} {
		if f != nil && !f.URL.IsZero() {
			return *f, true
		}
	}
	return File{}, false
}

// File is a prepared file at a file host. For about a day, anyone who has its URL can download it.
type File struct {
	URL         SecretURL `json:"url"`
	ContentType string    `json:"content_type"`    // video/mp4, audio/mp4, audio/mpeg
	Size        int64     `json:"file_size_bytes"` // 0 when unknown
	ExpiresAt   time.Time `json:"expires_at"`
}

// Ext is the file name extension for ContentType, including the dot. It is ".mp4" for an unknown kind of
// video and blank for any other unknown type.
func (f File) Ext() string {
	mediaType, _, _ := mime.ParseMediaType(f.ContentType)
	if ext, ok := mediaTypes[mediaType]; ok {
		return ext
	}
	if subtype, ok := strings.CutPrefix(mediaType, "video/"); ok && subtype != "" {
		return ".mp4"
	}
	return ""
}

// UnmarshalJSON tolerates a malformed expires_at: the file host decides when the link expires.
func (f *File) UnmarshalJSON(data []byte) error {
	type plain File
	read := struct {
		*plain
		ExpiresAt lenientTime `json:"expires_at"`
	}{plain: (*plain)(f)}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	f.ExpiresAt = time.Time(read.ExpiresAt)
	return nil
}

// RequestDownload asks Fathom to prepare a recording's file. An audio-only recording may be completed
// immediately. KindForbidden (a limited-access share) and KindUnprocessable (no media) are final. The
// request may be sent more than once when the network fails. It is charged to the download budget.
//
// When the file is ready, Fathom posts the download to destinationURL, unless that is blank. It is not documented
// whether that request is signed, and whether it is sent if the preparation fails.
// https://developers.fathom.ai/api-reference
func (a *Account) RequestDownload(ctx context.Context, recordingID int64, destinationURL string) (Download, error) {
	body := struct {
		DestinationURL string `json:"destination_url,omitempty"`
	}{destinationURL}
	return a.sendDownloadCall(ctx, call{
		op: "request download", method: "POST", path: recordingPath(recordingID, "download"),
		body: body, bucket: bucketDownload,
	})
}

// PollDownload returns the current state of a download. A download that is unknown or that another key
// requested is KindNotFound or KindForbidden. It is charged to the global budget.
func (a *Account) PollDownload(ctx context.Context, recordingID int64, downloadID string) (Download, error) {
	c := call{op: "get download", method: "GET", path: recordingPath(recordingID, "downloads/") + url.PathEscape(downloadID)}
	if !isPathSegment(downloadID) {
		return Download{}, &Error{Op: c.op, Kind: KindBadRequest, Detail: "unusable download id"}
	}
	return a.sendDownloadCall(ctx, c)
}

func (a *Account) sendDownloadCall(ctx context.Context, c call) (Download, error) {
	var d Download
	if err := a.send(ctx, c, &d); err != nil {
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

// isPathSegment reports whether an escaped id is a single, unchanged segment of a path.
func isPathSegment(id string) bool { return id != "" && id != "." && id != ".." }
