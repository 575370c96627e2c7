package share

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"regexp"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// UntitledName is what a page calls a recording whose title it doesn't show.
const UntitledName = "Shared recording"

// undetermined is the code of a language that isn't known.
const undetermined = "und"

var languagePattern = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// maxTitle is how many characters of a title are shown.
const maxTitle = 200

// maxLines and maxText, in bytes, bound the size of a page. A meeting of two hours has some 1,500 lines and 100 KB.
const (
	maxLines = 20_000
	maxText  = 4 << 20
)

// Content is what the page of a link shows: no more than its owner has chosen.
type Content struct {
	Title    string    // UntitledName if it isn't shown
	Recorded time.Time // zero if it is unknown or the title isn't shown
	Length   time.Duration
	Type     string        // the media type of the file
	Language string        // of the meeting, such as en; und if it is unknown
	Summary  template.HTML // blank if there is none
	Chapters []Chapter
	Passages []Passage // of the transcript
}

// HasTranscript reports whether there is a transcript, and therefore captions.
func (c *Content) HasTranscript() bool { return len(c.Passages) > 0 }

// CanPlay reports whether browsers play the file.
func (c *Content) CanPlay() bool { return c.Type != fathom.OtherMediaType }

// IsAudio reports whether there is nothing to see.
func (c *Content) IsAudio() bool { return strings.HasPrefix(c.Type, "audio/") }

// Chapter is a part of a recording.
type Chapter struct {
	Title string
	Start time.Duration
}

// Passage is what one person says until another one speaks.
type Passage struct {
	Speaker string // may be blank
	Lines   []Line // at least one
}

// Start returns when the passage begins.
func (p Passage) Start() time.Duration { return p.Lines[0].Start }

// Line is a part of a passage.
type Line struct {
	Start time.Duration
	Text  string
}

// Content reads what the page of an active link shows. The error is ErrNoRecording, ErrUnavailable or one of the databases.
func (s *Service) Content(ctx context.Context, share *Share) (*Content, error) {
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
	content := &Content{Title: UntitledName, Length: media.Length, Type: media.Headers.ContentType, Language: undetermined}
	meeting, err := userdb.FindRecord(handle.App, schema.Meetings, share.RecordingID)
	if err != nil || meeting == nil {
		return content, err
	}
	if language := meeting.GetString("language"); languagePattern.MatchString(language) {
		content.Language = language
	}
	if title := sanitize.SingleLine(meeting.GetString("title")); title != "" && share.Shows.Title {
		content.Title = sanitize.Truncate(title, maxTitle)
		content.Recorded = meeting.GetDateTime("recorded_at").Time()
	}
	if share.Shows.Summary {
		content.Chapters = s.chapters(meeting)
		if content.Summary, err = summaryHTML(meeting.GetString("summary")); err != nil {
			return nil, err
		}
	}
	if share.Shows.Transcript {
		said, err := userdb.Utterances(handle.App, share.RecordingID)
		if err != nil {
			return nil, err
		}
		content.Passages = passages(said)
	}
	return content, nil
}

// Brief is Content without summary, chapters and transcript.
func (s *Service) Brief(ctx context.Context, share *Share) (*Content, error) {
	brief := *share
	brief.Shows = Shows{Title: share.Shows.Title}
	return s.Content(ctx, &brief)
}

// Captions returns the captions of an active link, which are empty unless it shows the transcript. The errors are those of
// Content.
func (s *Service) Captions(ctx context.Context, share *Share) ([]captions.Cue, error) {
	if !share.Shows.Transcript {
		return nil, nil
	}
	handle, err := s.acquire(ctx, share)
	if err != nil {
		return nil, err
	}
	defer handle.Release()
	if _, err := findRecording(handle.App, share.RecordingID); err != nil {
		return nil, err
	}
	return userdb.Captions(handle.App, share.RecordingID)
}

// acquire opens the database of an active link, but never unpacks it, and doesn't count as a use by its owner.
func (s *Service) acquire(ctx context.Context, share *Share) (*userdb.Handle, error) {
	handle, err := s.databases.AcquireForRequest(ctx, share.Database)
	switch {
	case registry.IsNotHere(err), // archived, deleted or moved a moment ago
		errors.Is(err, userdb.ErrBusy), errors.Is(err, userdb.ErrClosed):
		return nil, ErrUnavailable
	}
	if err != nil {
		return nil, fmt.Errorf("open the database of link %s: %w", share.ID, err)
	}
	if handle.UserID != share.Owner {
		handle.Release()
		return nil, ErrUnavailable
	}
	return handle, nil
}

// findRecording returns the record of a recording that has a file, or ErrNoRecording.
func findRecording(app core.App, recordingID int64) (*core.Record, error) {
	record, err := userdb.FindRecord(app, schema.Recordings, recordingID)
	if err != nil {
		return nil, err
	}
	if record == nil || record.GetString("file") == "" {
		return nil, ErrNoRecording
	}
	return record, nil
}

// passages returns what was said, without what is blank.
func passages(said []captions.Utterance) []Passage {
	var all []Passage
	lines, size := 0, 0
	for _, u := range said {
		speaker, line := sanitize.Truncate(sanitize.SingleLine(u.Speaker), maxTitle), Line{u.Start, sanitize.SingleLine(u.Text)}
		if line.Text == "" {
			continue
		}
		lines, size = lines+1, size+len(line.Text)
		if lines > maxLines || size > maxText {
			break
		}
		if last := len(all) - 1; last >= 0 && all[last].Speaker == speaker {
			all[last].Lines = append(all[last].Lines, line)
			continue
		}
		all = append(all, Passage{Speaker: speaker, Lines: []Line{line}})
	}
	return all
}
