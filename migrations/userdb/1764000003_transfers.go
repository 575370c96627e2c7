package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

// maxRecordingSize is only the limit of the file field. Downloads are limited by the size that Fathom
// announces, the quota and the free disk space.
const maxRecordingSize = 1 << 40

func init() {
	register("1764000003_transfers.go", func(app core.App) error {
		meetings, err := app.FindCollectionByNameOrId(Meetings)
		if err != nil {
			return err
		}

		recordings := core.NewBaseCollection(Recordings)
		recordings.ListRule = signedIn()
		recordings.ViewRule = signedIn()
		recordings.Fields.Add(
			meetingRelation(meetings),
			recordingID(),
			&core.FileField{Name: "file", MaxSelect: 1, MaxSize: maxRecordingSize, Protected: true},
			&core.TextField{Name: "file_name", Max: 300},
			&core.TextField{Name: "content_type", Max: 100},
			&core.NumberField{Name: "size", OnlyInt: true},
			&core.TextField{Name: "sha256", Max: 64},
			&core.NumberField{Name: "duration"},
			&core.DateField{Name: "retained_until"},
		)
		recordings.Fields.Add(autodates()...)
		recordings.AddIndex("idx_recordings_recording_id", true, "recording_id", "")
		if err := app.Save(recordings); err != nil {
			return err
		}

		transfers := core.NewBaseCollection(Transfers)
		transfers.ListRule = signedIn()
		transfers.ViewRule = signedIn()
		// Hooks restrict updates to share_url, and to transfers that wait for one; see
		// hooks/userdb_transfers.go.
		transfers.UpdateRule = signedIn()
		transfers.Fields.Add(
			meetingRelation(meetings),
			recordingID(),
			&core.TextField{Name: "job", Max: 15},
			&core.SelectField{Name: "status", Required: true, MaxSelect: 1, Values: []string{
				"queued", "fetching", "downloading", "stored", "uploading",
				"awaiting_share_url", "delivered", "failed", "cancelled",
			}},
			&core.NumberField{Name: "bytes_done", OnlyInt: true},
			&core.NumberField{Name: "bytes_total", OnlyInt: true},
			&core.NumberField{Name: "attempts", OnlyInt: true},
			&core.TextField{Name: "download_id", Max: 200, Hidden: true},
			&core.DateField{Name: "download_requested_at", Hidden: true},
			&core.NumberField{Name: "downloads_requested", OnlyInt: true, Hidden: true},
			&core.TextField{Name: "uploader", Max: 50},
			&core.TextField{Name: "file_name", Max: 300},
			&core.TextField{Name: "share_url", Max: 500},
			&core.TextField{Name: "error", Max: 1000},
			&core.DateField{Name: "delivered_at"},
		)
		transfers.Fields.Add(autodates()...)
		transfers.AddIndex("idx_transfers_recording_id", true, "recording_id", "")
		if err := app.Save(transfers); err != nil {
			return err
		}

		preferences := core.NewBaseCollection(Preferences)
		preferences.ListRule = signedIn()
		preferences.ViewRule = signedIn()
		preferences.CreateRule = signedIn()
		preferences.UpdateRule = signedIn()
		preferences.DeleteRule = signedIn()
		preferences.Fields.Add(
			&core.TextField{Name: "key", Required: true, Max: 100, Pattern: `^[a-z][a-z0-9_.]*$`},
			&core.JSONField{Name: "value", MaxSize: 16 << 10},
		)
		preferences.Fields.Add(autodates()...)
		preferences.AddIndex("idx_preferences_key", true, "key", "")
		return app.Save(preferences)
	})
}
