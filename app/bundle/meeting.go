package bundle

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
	"github.com/fathom-to-loom/fathom-to-loom/app/filename"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// meeting is everything that is stored of a meeting, but not the file of its recording.
type meeting struct {
	record     *core.Record
	recording  *core.Record // nil if none is stored
	transfer   *core.Record // nil if there is none
	transcript json.RawMessage
	said       []captions.Spoken

	template filename.Template
	zone     *time.Location

	base    string   // the name of the folder and of most files in it
	video   string   // the name of the recording's file; blank if it isn't in the bundle
	missing []string // what isn't stored
}

// read reads a meeting. It returns nil if the meeting was deleted.
func (s *Service) read(ctx context.Context, database string, recordingID int64) (*meeting, error) {
	handle, err := s.databases.Acquire(ctx, database)
	if err != nil {
		return nil, err
	}
	defer handle.Release()
	record, err := find(handle.App, schema.Meetings, recordingID)
	if record == nil {
		return nil, err
	}
	m := &meeting{record: record, template: preferences.FileNames(handle.App), zone: preferences.TimeZone(handle.App)}
	if m.recording, err = find(handle.App, schema.Recordings, recordingID); err != nil {
		return nil, err
	}
	if m.recording != nil && m.recording.GetString("file") == "" {
		m.recording = nil
	}
	if m.transfer, err = find(handle.App, schema.Transfers, recordingID); err != nil {
		return nil, err
	}
	transcript, err := find(handle.App, schema.Transcripts, recordingID)
	if err != nil {
		return nil, err
	}
	if transcript != nil {
		m.transcript = json.RawMessage(transcript.GetString("items"))
		if err := json.Unmarshal(m.transcript, &m.said); err != nil {
			m.transcript, m.said = nil, nil // only a damaged database has another form
		}
	}
	if len(m.said) == 0 {
		m.missing = append(m.missing, "transcript")
	}
	if m.record.GetString("summary") == "" {
		m.missing = append(m.missing, "summary")
	}
	return m, nil
}

func (b *writer) read(ctx context.Context, recordingID int64) (*meeting, error) {
	return b.Service.read(ctx, b.database, recordingID)
}

// find returns the record of a recording in a collection, or nil.
func find(app core.App, collection string, recordingID int64) (*core.Record, error) {
	record, err := app.FindFirstRecordByData(collection, "recording_id", recordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find recording %d in %s: %w", recordingID, collection, err)
	}
	return record, nil
}

func (m *meeting) recordingID() int64 { return int64(m.record.GetInt("recording_id")) }

func (m *meeting) title() string {
	if title := sanitize.SingleLine(m.record.GetString("title")); title != "" {
		return title
	}
	return "Untitled meeting"
}

// start returns when the meeting began, in the user's time zone, or the zero time.
func (m *meeting) start() time.Time {
	start := m.record.GetDateTime("recorded_at").Time()
	if start.IsZero() {
		return start
	}
	return start.In(m.zone)
}

// seconds returns how long the recording is; 0 if that is unknown.
func (m *meeting) seconds() float64 {
	if m.recording != nil && m.recording.GetFloat("duration") > 0 {
		return m.recording.GetFloat("duration")
	}
	return m.record.GetFloat("duration")
}

// person is an invitee or a host.
type person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

func (p person) text() string {
	if p.Name != "" {
		return sanitize.SingleLine(p.Name)
	}
	return sanitize.SingleLine(p.Email)
}

func (m *meeting) host() string {
	var host person
	_ = m.record.UnmarshalJSONField("recorded_by", &host) // a malformed one stays blank
	return host.text()
}

func (m *meeting) people() (names []string) {
	var invitees []person
	_ = m.record.UnmarshalJSONField("invitees", &invitees) // malformed ones stay blank
	for _, invitee := range invitees {
		if name := invitee.text(); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func (m *meeting) description() filename.Recording {
	return filename.Recording{
		ID: m.recordingID(), Title: sanitize.Truncate(m.record.GetString("title"), maxTitle), Type: m.record.GetString("meeting_type"),
		Host: m.host(), Start: m.record.GetDateTime("recorded_at").Time(),
	}
}

// captions returns the captions of the recording.
func (m *meeting) captions() []captions.Cue {
	var length time.Duration
	if m.recording != nil && m.recording.GetBool("measured") {
		length = time.Duration(m.recording.GetFloat("duration") * float64(time.Second))
	}
	return captions.Cues(captions.Utterances(m.said), length)
}
