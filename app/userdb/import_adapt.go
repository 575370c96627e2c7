package userdb

import (
	"regexp"

	"github.com/pocketbase/pocketbase/core"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// importedReason is the reason why an imported connection is invalid.
const importedReason = "Enter this key again. Exports contain no keys."

// storedNamePattern matches the names of stored files. PocketBase and this program create no others.
var storedNamePattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,254}$`)

// adapt changes a record of an export so that it refers to nothing of the other server. It reports false if the record
// must be left out.
func (c *importCopy) adapt(record *core.Record) bool {
	switch record.Collection().Name {
	case schema.Connections:
		c.result.Connections = append(c.result.Connections, record.GetString("provider"))
		adaptConnection(record)
	case schema.Transfers:
		adaptTransfer(record)
	case schema.Meetings:
		c.adaptMeeting(record)
	case schema.Recordings:
		return c.adaptRecording(record)
	case schema.Notices:
		adaptNotice(record)
	}
	return true
}

// adaptConnection keeps only what the owner has entered, except for the secret.
func adaptConnection(connection *core.Record) {
	keep := map[string]bool{
		core.FieldNameId: true, "provider": true, "last_four": true, "settings": true, "created": true, "updated": true,
	}
	for _, field := range connection.Collection().Fields {
		if name := field.GetName(); !keep[name] {
			empty, _ := field.PrepareValue(connection, nil) // the zero value is always valid
			connection.SetRaw(name, empty)
		}
	}
	connection.Set("settings", withoutGrant(connection))
	connection.Set("status", "invalid")
	connection.Set("reason", importedReason)
}

// withoutGrant returns the settings of a connection without the sign-in that they belong to, which is that of the exporting
// server or of another of its users.
func withoutGrant(connection *core.Record) any {
	var settings map[string]any
	if err := connection.UnmarshalJSONField("settings", &settings); err != nil || settings["grant"] == nil {
		return connection.Get("settings")
	}
	delete(settings, "grant")
	return settings
}

// adaptTransfer cancels a transfer that had an active job, and removes what refers to the job and its download.
func adaptTransfer(transfer *core.Record) {
	for _, name := range []string{"job", "upload", "download_id", "download_requested_at"} {
		transfer.Set(name, nil)
	}
	switch transfer.GetString("status") {
	case "stored":
		if field := transfer.Collection().Fields.GetByName("deliver"); field != nil && !transfer.GetBool("deliver") {
			return // it ends there
		}
	case "queued", "fetching", "downloading", "uploading":
	default:
		return
	}
	transfer.Set("status", "cancelled")
	if !transfer.GetDateTime("delivered_at").IsZero() { // its file was being fetched again
		transfer.Set("status", "delivered")
	}
}

// adaptNotice keeps what the other server was about to send from being sent by this one as well.
func adaptNotice(notice *core.Record) {
	for _, way := range []string{"mail", "hook"} {
		if state := notice.GetString(way); state == "due" || state == "sending" {
			notice.Set(way, "skipped")
		}
	}
}

// adaptMeeting keeps a poster if the archive contains its file.
func (c *importCopy) adaptMeeting(meeting *core.Record) {
	name := meeting.GetString("poster")
	if name == "" {
		return
	}
	entry := c.archive.recordings[recordingKey(meeting.Id, name)]
	if entry == nil || !storedNamePattern.MatchString(name) || entry.UncompressedSize64 > schema.MaxPosterSize {
		meeting.Set("poster", "")
		return
	}
	c.files = append(c.files, importedFile{entry, RecordingPath(meeting, name)})
}

// adaptRecording makes a recording refer to its file on disk. It reports false if the archive doesn't contain the file:
// the recording is then left out, as if its owner had deleted it.
func (c *importCopy) adaptRecording(recording *core.Record) bool {
	name := recording.GetString("file")
	if name == "" {
		return false
	}
	entry := c.archive.recordings[recordingKey(recording.Id, name)]
	if entry == nil || !storedNamePattern.MatchString(name) || int64(entry.UncompressedSize64) != int64(recording.GetInt("size")) {
		c.result.MissingFiles++
		return false
	}
	recording.Set("blob", "")
	recording.Set("move", nil)
	c.files = append(c.files, importedFile{entry, RecordingPath(recording, name)})
	return true
}
