// Package bundle copies meetings into a zip archive of ordinary files: recordings, captions, Markdown and JSON. Unlike
// an export of a user database, it is for people and for other programs.
//
// A Service is safe for concurrent use. It holds one meeting in memory at a time, and keeps the database open only
// while it reads a meeting, because a client may take hours to receive a recording. The package must not decide who
// may read what.
package bundle

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/filename"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// MaxMeetings is how many meetings a bundle can contain, because its index is in memory until the end.
const MaxMeetings = 10_000

// Config of a Service. All fields are required.
type Config struct {
	Databases *userdb.Service
	Blobs     blob.Stores // of recordings
}

// Service writes bundles.
type Service struct {
	databases *userdb.Service
	blobs     blob.Stores
}

// New returns a Service.
func New(cfg Config) *Service { return &Service{cfg.Databases, cfg.Blobs} }

// Options say what a bundle contains.
type Options struct {
	WithoutVideo bool // leaves out recordings
}

// UnknownMeetingError means that a database has no meeting with a recording id.
type UnknownMeetingError struct{ RecordingID int64 }

// Error returns a sentence without a capital letter.
func (e *UnknownMeetingError) Error() string {
	return fmt.Sprintf("there is no meeting with the recording id %d", e.RecordingID)
}

// TooManyMeetingsError means that a selection has more than MaxMeetings.
type TooManyMeetingsError struct{ Meetings int }

// Error returns a sentence without a capital letter.
func (e *TooManyMeetingsError) Error() string {
	return fmt.Sprintf("a bundle can contain %d meetings, not %d", MaxMeetings, e.Meetings)
}

// Meetings returns the recording ids of all meetings of a database, newest first.
func Meetings(ctx context.Context, app core.App) (ids []int64, err error) {
	err = app.ConcurrentDB().Select("recording_id").From(schema.Meetings).
		OrderBy("recorded_at DESC", "recording_id DESC").WithContext(ctx).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("list meetings: %w", err)
	}
	return ids, nil
}

// CheckMeetings returns an *UnknownMeetingError if a database lacks one of the meetings, and a *TooManyMeetingsError.
func CheckMeetings(ctx context.Context, app core.App, recordingIDs []int64) error {
	if len(recordingIDs) > MaxMeetings {
		return &TooManyMeetingsError{len(recordingIDs)}
	}
	all, err := Meetings(ctx, app)
	if err != nil {
		return err
	}
	known := make(map[int64]bool, len(all))
	for _, id := range all {
		known[id] = true
	}
	for _, id := range recordingIDs {
		if !known[id] {
			return &UnknownMeetingError{id}
		}
	}
	return nil
}

// Size estimates the size in bytes of a bundle of meetings: that of their recordings.
func Size(ctx context.Context, app core.App, recordingIDs []int64, opts Options) (bytes int64, err error) {
	if opts.WithoutVideo {
		return 0, nil
	}
	var sizes []struct {
		RecordingID int64 `db:"recording_id"`
		Size        int64 `db:"size"`
	}
	err = app.ConcurrentDB().Select("recording_id", "size").From(schema.Recordings).
		Where(dbx.Not(dbx.HashExp{"file": ""})).WithContext(ctx).All(&sizes)
	if err != nil {
		return 0, fmt.Errorf("list recordings: %w", err)
	}
	of := make(map[int64]int64, len(sizes))
	for _, recording := range sizes {
		of[recording.RecordingID] = recording.Size
	}
	for _, id := range recordingIDs {
		bytes += of[id]
	}
	return bytes, nil
}

// Write writes the given meetings of a database to w as a zip archive, in this order. Meetings that are deleted in the
// meantime are left out; files and texts that aren't stored are named in the index. After any error the archive is
// incomplete. The errors include those of userdb.Service.Acquire and of package blob.
func (s *Service) Write(ctx context.Context, database string, recordingIDs []int64, opts Options, w io.Writer) error {
	if len(recordingIDs) > MaxMeetings {
		return &TooManyMeetingsError{len(recordingIDs)}
	}
	b := writer{Service: s, database: database, opts: opts, archive: zip.NewWriter(w), names: map[string]bool{}}
	for _, id := range recordingIDs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.addMeeting(ctx, id); err != nil {
			return fmt.Errorf("bundle meeting %d of user database %s: %w", id, database, err)
		}
	}
	if err := b.addIndex(); err != nil {
		return fmt.Errorf("write the index of a bundle: %w", err)
	}
	return b.archive.Close()
}

// writer writes one bundle.
type writer struct {
	*Service
	database string
	opts     Options
	archive  *zip.Writer
	names    map[string]bool // folded names of folders
	entries  []entry
}

// addMeeting adds the folder of a meeting.
func (b *writer) addMeeting(ctx context.Context, recordingID int64) error {
	m, err := b.read(ctx, recordingID)
	if err != nil || m == nil {
		return err
	}
	m.base = b.uniqueName(m)
	if !b.opts.WithoutVideo {
		if err := b.addRecording(ctx, m); err != nil {
			return err
		}
	}
	if err := b.addTexts(m); err != nil {
		return err
	}
	b.entries = append(b.entries, m.entry())
	return nil
}

// maxTitle is the number of characters of a title in names. A file in a folder of the same name must stay below the 260
// characters that Windows allows for a path.
const maxTitle = 60

// uniqueName names the folder of a meeting, and the files in it without their extensions.
func (b *writer) uniqueName(m *meeting) string {
	const note = ".md"
	name := filename.Unique(m.template.Name(m.description(), m.zone, note), func(folded string) bool { return b.names[folded] })
	b.names[filename.Fold(name)] = true
	return strings.TrimSuffix(name, note)
}

// create adds a file to the folder of a meeting.
func (b *writer) create(m *meeting, name string, method uint16, modified time.Time) (io.Writer, error) {
	return b.archive.CreateHeader(&zip.FileHeader{Name: m.base + "/" + name, Method: method, Modified: modified.UTC()})
}
