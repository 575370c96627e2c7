package library

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/pocketbase/dbx"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Limits of a window, which keep a response small.
const (
	DefaultItems = 50
	MaxItems     = 100
	MaxOffset    = 1_000_000
)

// Item is what a list shows of a meeting. Long texts are cut.
type Item struct {
	ID          string    `json:"id" db:"id"`
	RecordingID int64     `json:"recording_id" db:"recording_id"`
	Title       string    `json:"title" db:"title"`
	RecordedAt  string    `json:"recorded_at" db:"recorded_at"`
	Duration    float64   `json:"duration" db:"duration"` // seconds
	Host        string    `json:"-" db:"host"`
	RecordedBy  *Host     `json:"recorded_by,omitempty" db:"-"`
	LoomURL     string    `json:"loom_url,omitempty" db:"loom_url"`
	Poster      string    `json:"poster,omitempty" db:"poster"`
	WithdrawnAt string    `json:"withdrawn_at,omitempty" db:"withdrawn_at"`
	Created     string    `json:"created" db:"created"`
	Updated     string    `json:"updated" db:"updated"`
	Size        int64     `json:"size,omitempty" db:"size"`           // of the file in bytes; 0 if unknown
	Recording   string    `json:"recording,omitempty" db:"recording"` // id of the record of the stored file
	Transfer    *Transfer `json:"transfer,omitempty" db:"-"`
}

// Host is who recorded a meeting.
type Host struct {
	Name string `json:"name"`
}

// Transfer is what a list shows of the transfer of a meeting. Fields are named as those of the record.
type Transfer struct {
	ID         string `json:"id" db:"id"`
	Recording  int64  `json:"recording_id" db:"recording_id"`
	Job        string `json:"job,omitempty" db:"job"`
	Status     string `json:"status" db:"status"`
	BytesDone  int64  `json:"bytes_done,omitempty" db:"bytes_done"`
	BytesTotal int64  `json:"bytes_total,omitempty" db:"bytes_total"`
	Attempts   int    `json:"attempts,omitempty" db:"attempts"`
	FileName   string `json:"file_name,omitempty" db:"file_name"`
	ShareURL   string `json:"share_url,omitempty" db:"share_url"`
	Error      string `json:"error,omitempty" db:"error"`
	Deliver    bool   `json:"deliver,omitempty" db:"deliver"`
	Uploader   string `json:"uploader,omitempty" db:"uploader"`
	Handover   string `json:"handover,omitempty" db:"handover"`
	Updated    string `json:"updated" db:"updated"`
}

// Window returns some of the meetings that a filter selects, from a position in their order. It returns a *FilterError if
// the filter can't be used.
func Window(ctx context.Context, db dbx.Builder, filter Filter, sort Sort, offset, limit int) ([]Item, error) {
	where, err := filter.where(false)
	if err != nil {
		return nil, err
	}
	params := maps.Clone(where.params)
	params["offset"], params["limit"] = offset, limit
	// The rows that are skipped are read from indexes only.
	within := "SELECT m.rowid" + sort.from() + where.sql() + " ORDER BY " + orders[sort] + " LIMIT {:limit} OFFSET {:offset}"
	return readItems(ctx, db, " WHERE m.rowid IN ("+within+") ORDER BY "+orders[sort], params)
}

// Find returns the meetings with some recording ids, in no particular order.
func Find(ctx context.Context, db dbx.Builder, recordingIDs []int64) ([]Item, error) {
	ids, err := json.Marshal(recordingIDs)
	if err != nil {
		return nil, fmt.Errorf("find meetings: %w", err)
	}
	return readItems(ctx, db, " WHERE m.recording_id IN (SELECT value FROM json_each({:ids}))", dbx.Params{"ids": string(ids)})
}

const itemSQL = `SELECT m.id, m.recording_id, substr(m.title, 1, 200) AS title, m.recorded_at, m.duration,
	substr(COALESCE(m.recorded_by ->> '$.name', ''), 1, 100) AS host, m.loom_url, m.poster, m.withdrawn_at, m.created, m.updated,
	` + sizeSQL + " AS size, COALESCE(r.id, '') AS recording" + meetingsSQL + transfersSQL + filesSQL

func readItems(ctx context.Context, db dbx.Builder, selection string, params dbx.Params) ([]Item, error) {
	items := []Item{}
	if err := db.NewQuery(itemSQL + selection).Bind(params).WithContext(ctx).All(&items); err != nil {
		return nil, fmt.Errorf("list meetings: %w", err)
	}
	if len(items) == 0 {
		return items, nil
	}
	ids := make([]any, len(items))
	for i, item := range items {
		ids[i] = item.RecordingID
	}
	var transfers []Transfer
	err := db.Select("id", "recording_id", "job", "status", "bytes_done", "bytes_total", "attempts", "substr(file_name, 1, 100) AS file_name",
		"share_url", "substr(error, 1, 300) AS error", "deliver", "uploader", "handover", "updated").
		From(schema.Transfers).Where(dbx.In("recording_id", ids...)).WithContext(ctx).All(&transfers)
	if err != nil {
		return nil, fmt.Errorf("list transfers: %w", err)
	}
	known := make(map[int64]*Transfer, len(transfers))
	for i := range transfers {
		known[transfers[i].Recording] = &transfers[i]
	}
	for i := range items {
		items[i].Transfer = known[items[i].RecordingID]
		if items[i].Host != "" {
			items[i].RecordedBy = &Host{items[i].Host}
		}
	}
	return items, nil
}

// Select returns the recording ids of all meetings that a filter selects, newest first, except for some. It returns a
// *FilterError if the filter can't be used.
func Select(ctx context.Context, db dbx.Builder, filter Filter, except []int64) (ids []int64, err error) {
	where, err := filter.where(false)
	if err != nil {
		return nil, err
	}
	var found []int64
	err = db.NewQuery("SELECT m.recording_id" + Newest.from() + where.sql() + " ORDER BY " + orders[Newest]).
		Bind(where.params).WithContext(ctx).Column(&found)
	if err != nil {
		return nil, fmt.Errorf("select meetings: %w", err)
	}
	left := make(map[int64]bool, len(except))
	for _, id := range except {
		left[id] = true
	}
	for _, id := range found {
		if !left[id] {
			ids = append(ids, id)
		}
	}
	return ids, nil
}
