package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1764000002_meetings.go", func(app core.App) error {
		meetings := core.NewBaseCollection(Meetings)
		meetings.ListRule = signedIn()
		meetings.ViewRule = signedIn()
		meetings.Fields.Add(
			recordingID(),
			&core.TextField{Name: "title", Max: 1000, Presentable: true},
			&core.TextField{Name: "meeting_title", Max: 1000},
			&core.TextField{Name: "meeting_type", Max: 200},
			&core.TextField{Name: "fathom_url", Max: 2000},
			&core.TextField{Name: "fathom_share_url", Max: 2000},
			&core.TextField{Name: "meeting_url", Max: 2000},
			&core.DateField{Name: "recorded_at"},
			&core.DateField{Name: "recording_end"},
			&core.DateField{Name: "scheduled_start"},
			&core.DateField{Name: "scheduled_end"},
			&core.DateField{Name: "fathom_created_at"},
			&core.NumberField{Name: "duration"},
			&core.TextField{Name: "language", Max: 50},
			&core.TextField{Name: "shared_with", Max: 50},
			&core.TextField{Name: "invitees_type", Max: 50},
			&core.JSONField{Name: "invitees", MaxSize: 1 << 20},
			&core.JSONField{Name: "recorded_by", MaxSize: 8 << 10},
			&core.TextField{Name: "summary_template", Max: 500},
			&core.TextField{Name: "summary", Max: 1 << 20},
			&core.JSONField{Name: "action_items", MaxSize: 2 << 20},
			&core.JSONField{Name: "raw", MaxSize: 8 << 20},
			&core.TextField{Name: "loom_url", Max: 500},
		)
		meetings.Fields.Add(autodates()...)
		meetings.AddIndex("idx_meetings_recording_id", true, "recording_id", "")
		meetings.AddIndex("idx_meetings_recorded_at", false, "recorded_at", "")
		if err := app.Save(meetings); err != nil {
			return err
		}

		transcripts := core.NewBaseCollection(Transcripts)
		transcripts.ListRule = signedIn()
		transcripts.ViewRule = signedIn()
		transcripts.Fields.Add(
			meetingRelation(meetings),
			recordingID(),
			&core.JSONField{Name: "items", MaxSize: 32 << 20},
			&core.TextField{Name: "text", Max: 16 << 20},
		)
		transcripts.Fields.Add(autodates()...)
		transcripts.AddIndex("idx_transcripts_recording_id", true, "recording_id", "")
		return app.Save(transcripts)
	})
}
