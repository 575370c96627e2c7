package transfer

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// stored returns the recording's record when its file is in place, else nil.
func (m *move) stored() (*core.Record, error) {
	recording, err := m.db.App.FindFirstRecordByData(schema.Recordings, "recording_id", m.id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find recording %d: %w", m.id, err)
	}
	info, err := os.Stat(m.storedPath(recording))
	if errors.Is(err, os.ErrNotExist) || (err == nil && info.Size() != int64(recording.GetInt("size"))) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at the file of recording %d: %w", m.id, err)
	}
	if recording.GetString("file") != "" {
		return recording, nil
	}
	// Renamed, but the process ended before it was said.
	if err := m.publish(recording); err != nil {
		return nil, err
	}
	return recording, m.service.removePartials(m.db, m.id, "")
}

// store puts a complete file in its place: what it will be is recorded, the
// file is renamed into the storage folder, and only then does the record show
// it. Moving instead of uploading it through PocketBase's file field spares a
// second copy of what may be gigabytes.
func (m *move) store(partial string, file fathom.File, fetched fathom.FetchResult) (*core.Record, error) {
	recording, err := m.db.App.FindFirstRecordByData(schema.Recordings, "recording_id", m.id)
	if errors.Is(err, sql.ErrNoRows) {
		collection, findErr := m.db.App.FindCachedCollectionByNameOrId(schema.Recordings)
		if findErr != nil {
			return nil, findErr
		}
		recording = core.NewRecord(collection)
		recording.Set("id", core.GenerateDefaultRandomId())
	} else if err != nil {
		return nil, fmt.Errorf("find recording %d: %w", m.id, err)
	}
	recording.Set("meeting", m.meeting.Id)
	recording.Set("recording_id", m.id)
	recording.Set("file", "")
	recording.Set("file_name", loom.FileName(m.meeting.GetString("title"), m.meeting.GetDateTime("recorded_at").Time(), file.Ext()))
	recording.Set("content_type", clip(file.ContentType, 100))
	recording.Set("size", fetched.Size)
	recording.Set("sha256", fetched.SHA256)
	recording.Set("duration", m.meeting.GetFloat("duration"))
	if err := m.db.App.Save(recording); err != nil {
		return nil, fmt.Errorf("record what recording %d will be: %w", m.id, err)
	}

	target := m.storedPath(recording)
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return nil, fmt.Errorf("make the storage folder of recording %d: %w", m.id, err)
	}
	if err := os.Rename(partial, target); err != nil {
		return nil, fmt.Errorf("move recording %d into storage: %w", m.id, err)
	}
	if err := durable.SyncDir(filepath.Dir(target)); err != nil {
		return nil, fmt.Errorf("sync the storage folder of recording %d: %w", m.id, err)
	}
	m.db.StorageChanged()
	if err := m.publish(recording); err != nil {
		return nil, err
	}
	if _, err := m.service.modify(m.db, m.meeting, func(transfer *core.Record) {
		transfer.Set("status", StatusStored)
		transfer.Set("downloads_requested", 0)
	}); err != nil {
		return nil, err
	}
	return recording, m.service.removePartials(m.db, m.id, "")
}

// publish shows the file in the record. The file field only takes uploads as
// valid, so that its validation has to be passed by.
func (m *move) publish(recording *core.Record) error {
	recording.Set("file", filepath.Base(m.storedPath(recording)))
	if err := m.db.App.SaveNoValidate(recording); err != nil {
		return fmt.Errorf("show the file of recording %d: %w", m.id, err)
	}
	return nil
}

// storedPath is where PocketBase's local storage expects the record's file.
func (m *move) storedPath(recording *core.Record) string {
	name := "recording" + fathom.File{ContentType: recording.GetString("content_type")}.Ext()
	return filepath.Join(m.db.App.DataDir(), core.LocalStorageDirName, filepath.FromSlash(recording.BaseFilesPath()), name)
}
