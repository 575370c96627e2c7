package share

import (
	"context"
	"mime"
	"path"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Media is the file of a recording.
type Media struct {
	Ref      blob.Ref
	Headers  blob.Headers
	SHA256   string // in hex; blank if it is unknown
	Modified time.Time
	Length   time.Duration // 0 if it is unknown
}

// Media finds the file of an active link. The errors are those of Content.
func (s *Service) Media(ctx context.Context, share *Share) (*Media, error) {
	handle, err := s.acquire(ctx, share)
	if err != nil {
		return nil, err
	}
	defer handle.Release()
	recording, err := findRecording(handle.App, share.RecordingID)
	if err != nil {
		return nil, err
	}
	media := newMedia(handle.Name, recording, share.Shows.Title)
	return &media, nil
}

// Poster returns a picture of the recording of an active link, with its media type, or else the title to draw one with. The
// errors are those of Content.
func (s *Service) Poster(ctx context.Context, share *Share) (picture []byte, mediaType, title string, err error) {
	content, err := s.Brief(ctx, share)
	if err != nil {
		return nil, "", "", err
	}
	handle, err := s.acquire(ctx, share)
	if err != nil {
		return nil, "", "", err
	}
	defer handle.Release()
	meeting, err := userdb.FindRecord(handle.App, schema.Meetings, share.RecordingID)
	if err == nil && meeting != nil {
		picture, mediaType, err = s.poster(handle.Database, meeting)
	}
	return picture, mediaType, content.Title, err
}

// newMedia describes the file of a recording. Its name contains the title, so that another one replaces it if the title
// isn't shown. Browsers display only audio and video.
func newMedia(database string, recording *core.Record, showsTitle bool) Media {
	contentType, disposition := fathom.MediaType(recording.GetString("content_type")), "inline"
	if contentType == fathom.OtherMediaType {
		disposition = "attachment"
	}
	name := recording.GetString("file_name")
	if !showsTitle {
		name = "recording" + path.Ext(recording.GetString("file"))
	}
	return Media{
		Ref:     userdb.RecordingBlob(database, recording),
		Headers: blob.Headers{ContentType: contentType, ContentDisposition: mime.FormatMediaType(disposition, map[string]string{"filename": name})},
		SHA256:  recording.GetString("sha256"), Modified: recording.GetDateTime("updated").Time(),
		Length: time.Duration(recording.GetFloat("duration") * float64(time.Second)),
	}
}
