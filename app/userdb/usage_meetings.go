package userdb

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
)

// MeetingUsage is what a meeting uses, in bytes.
type MeetingUsage struct {
	Meeting     string `json:"meeting" db:"meeting"`     // id of the record
	Recording   string `json:"recording" db:"recording"` // id of the record; blank if there is none
	RecordingID int64  `json:"recording_id" db:"recording_id"`
	Title       string `json:"title" db:"title"`
	Video       int64  `json:"video" db:"video"` // of the recording, on disk or in S3
	Text        int64  `json:"text" db:"text"`   // of the summary, the transcript and all other texts
}

// usageByMeetingSQL reads no texts: SQLite stores their lengths in bytes beside them.
const usageByMeetingSQL = `
SELECT * FROM (SELECT m.id AS meeting, COALESCE(r.id, '') AS recording, m.recording_id, m.title,
	CASE WHEN COALESCE(r.file, '') = '' THEN 0 ELSE r.size END AS video,
	COALESCE(octet_length(m.raw), 0) + octet_length(m.summary) + COALESCE(octet_length(m.action_items), 0)
		+ COALESCE(octet_length(m.highlights), 0) + COALESCE(octet_length(m.invitees), 0) + COALESCE(octet_length(t.items), 0)
		+ COALESCE(octet_length(t.text), 0) AS text
FROM meetings m
LEFT JOIN recordings r ON r.recording_id = m.recording_id
LEFT JOIN transcripts t ON t.recording_id = m.recording_id)
ORDER BY video + text DESC, meeting
LIMIT {:limit} OFFSET {:offset}`

// UsageByMeeting returns what the meetings of an open database use, the largest first. page starts at 1.
func (s *Service) UsageByMeeting(ctx context.Context, db *Database, page, perPage int) ([]MeetingUsage, error) {
	meetings := []MeetingUsage{}
	err := db.App.ConcurrentDB().NewQuery(usageByMeetingSQL).WithContext(ctx).
		Bind(dbx.Params{"limit": perPage, "offset": (page - 1) * perPage}).All(&meetings)
	if err != nil {
		return nil, fmt.Errorf("measure the meetings of user database %s: %w", db.Name, err)
	}
	return meetings, nil
}
