package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// KindExpire is the kind of jobs that delete the files of delivered recordings whose time has passed.
const KindExpire = "recordings.expire"

const (
	expireBatch   = 100       // files in one run
	busyFileRetry = time.Hour // for a file that is being fetched again
	clockRetry    = time.Hour // while the clock can't be relied on
)

// retainSQL sets until when the files of recordings are kept: as many days as the user has chosen, after the delivery
// or, if it is later, after the file was fetched again. Files are kept for ever unless the link is certain, by a check
// or by the word of the user: the transfer then has no error.
const retainSQL = `UPDATE {{recordings}} SET [[retained_until]] = [[wanted]] FROM (
	SELECT [[r.id]] AS [[key]], CASE WHEN {:days} > 0 AND [[t.id]] IS NOT NULL
		THEN strftime('%Y-%m-%d %H:%M:%fZ', MAX([[t.delivered_at]], [[r.stored_at]]), '+' || {:days} || ' days') ELSE '' END AS [[wanted]]
	FROM {{recordings}} {{r}} LEFT JOIN {{transfers}} {{t}} ON [[t.recording_id]] = [[r.recording_id]] AND [[t.status]] = 'delivered'
		AND [[t.delivered_at]] != '' AND [[t.unchecked]] = '' AND ([[t.verified]] = TRUE OR [[t.error]] = '')
	WHERE {:recording} IN (0, [[r.recording_id]])
) WHERE [[recordings.id]] = [[key]] AND [[retained_until]] != [[wanted]]`

// UpdateRetention sets until when the files of recordings are kept, after a transfer or the preference has changed, and
// schedules the deletion of those that are not kept for ever. recordingID 0 means all recordings.
func (s *Service) UpdateRetention(ctx context.Context, db *userdb.Database, recordingID int64) error {
	changed, err := db.App.NonconcurrentDB().NewQuery(retainSQL).WithContext(ctx).Bind(dbx.Params{
		"days": preferences.KeepRecordings(db.App), "recording": recordingID,
	}).Execute()
	if err != nil {
		return fmt.Errorf("set how long files are kept: %w", err)
	}
	if rows, err := changed.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	return s.scheduleExpiry(ctx, db, time.Time{})
}

// scheduleExpiry schedules the next run of expireRecordings, if any file is not kept for ever.
func (s *Service) scheduleExpiry(ctx context.Context, db *userdb.Database, earliest time.Time) error {
	var first string
	err := db.App.ConcurrentDB().Select("COALESCE(MIN(retained_until), '')").From(schema.Recordings).
		Where(dbx.NewExp("retained_until != ''")).WithContext(ctx).Row(&first)
	if err != nil || first == "" {
		return err
	}
	at, err := types.ParseDateTime(first)
	if err != nil {
		return fmt.Errorf("read when a file expires: %w", err)
	}
	due := at.Time()
	if due.Before(earliest) {
		due = earliest
	}
	return s.queue.ScheduleAt(ctx, s.global, db.UserID, KindExpire, "{}", due)
}

// expireResult is the result of a job that deletes files.
type expireResult struct {
	Deleted int `json:"deleted"`
}

// expireRecordings deletes the files whose time has passed, as if their owner did, and schedules its next run.
func (s *Service) expireRecordings(ctx context.Context, db *userdb.Database, _ queue.Job, _ struct{}, report queue.Report) (any, error) {
	if !s.mayDelete() {
		return nil, queue.Snooze("", clockRetry)
	}
	result := expireResult{}
	if err := s.UpdateRetention(ctx, db, 0); err != nil { // in case that a crash prevented it
		return nil, err
	}
	var due []string
	err := db.App.DB().Select("id").From(schema.Recordings).Where(s.expired()).
		OrderBy("retained_until").Limit(expireBatch).WithContext(ctx).Column(&due)
	if err != nil {
		return nil, fmt.Errorf("list expired recordings: %w", err)
	}
	for i, id := range due {
		report("deleting files", float64(i)/float64(len(due)))
		deleted, err := s.expireRecording(ctx, db, id)
		if errors.Is(err, ErrTransferStopping) {
			return nil, queue.Snooze("", busyRetry)
		}
		if err != nil {
			return nil, err
		}
		if deleted {
			result.Deleted++
		}
	}
	earliest := s.now()
	if result.Deleted == 0 {
		earliest = earliest.Add(busyFileRetry)
	}
	return result, s.scheduleExpiry(ctx, db, earliest)
}

// expired is the SQL condition of the recordings whose time has passed.
func (s *Service) expired() dbx.Expression {
	return dbx.NewExp("retained_until != '' AND retained_until <= {:now}", dbx.Params{"now": timestamp(s.now())})
}

// expireRecording deletes a file, unless its owner has decided to keep it since it was listed, or it is being fetched
// again.
func (s *Service) expireRecording(ctx context.Context, db *userdb.Database, recordID string) (deleted bool, err error) {
	recording := &core.Record{}
	err = db.App.RecordQuery(schema.Recordings).AndWhere(dbx.HashExp{"id": recordID}).AndWhere(s.expired()).WithContext(ctx).One(recording)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find recording %s: %w", recordID, err)
	}
	id := recording.GetInt("recording_id")
	active, err := HasActiveTransfer(db.App, id)
	if err != nil || active {
		return false, err
	}
	if err := s.PrepareRecordingDeletion(ctx, db, int64(id)); err != nil {
		return false, err
	}
	if err := db.App.DeleteWithContext(ctx, recording); err != nil {
		return false, fmt.Errorf("delete recording %s: %w", strconv.Itoa(id), err)
	}
	return true, nil
}
