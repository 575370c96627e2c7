package userdb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"syscall"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// ErrMoving means that another call of MoveRecordings is running.
var ErrMoving = errors.New("recordings are being moved already")

// RecordingMove is the result of moving one recording or, if Recording is 0, of a database without any left to move.
type RecordingMove struct {
	Database  string `json:"database"`
	Recording int64  `json:"recording,omitempty"` // Fathom's id
	Bytes     int64  `json:"bytes"`
	Error     string `json:"error,omitempty"`   // empty on success
	Skipped   string `json:"skipped,omitempty"` // the status of a database that was left out
	Done      int    `json:"done"`              // recordings of the database processed so far, including this one
	Total     int    `json:"total"`             // recordings of the database to move
}

// MoveRecordings moves the files of existing recordings to an engine, one after the other, and reports the result for
// each. People may use the databases in the meantime. Without names, it visits all databases. A recording stays where
// it is until its copy is complete and has the right checksum. After a crash or the end of ctx, the next call
// continues, also in the middle of a file. A full disk ends the move of a database, and a failure of S3 that concerns
// all recordings ends the call. MoveRecordings returns ErrMoving, an error of the registry, a *blob.Error, or ctx.Err.
func (s *Service) MoveRecordings(
	ctx context.Context, names []string, to blob.Engine, report func(RecordingMove),
) error {
	target, err := s.blobs.Of(to)
	if err != nil {
		return fmt.Errorf("%w: set S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY and S3_SECRET_KEY, and restart the server", err)
	}
	if !s.moving.TryLock() {
		return ErrMoving
	}
	defer s.moving.Unlock()
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if entry.Status != registry.StatusReady {
			report(RecordingMove{Database: entry.Name, Skipped: string(entry.Status)})
			continue
		}
		d := databaseMover{service: s, name: entry.Name, to: target, report: report}
		if err := d.moveAll(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// databaseMover moves the recordings of one database. It pins the database for one recording at a time, so that
// whoever needs exclusive access gets it in between.
type databaseMover struct {
	service *Service
	name    string
	to      blob.Store
	report  func(RecordingMove)
}

// moveAll returns an error if moving the recordings of other databases would fail as well. It reports all others.
func (d databaseMover) moveAll(ctx context.Context) error {
	recordings, err := d.prepare(ctx)
	if err != nil && ctx.Err() == nil {
		d.report(RecordingMove{Database: d.name, Error: registry.ErrorText(err)})
		return storageFailure(err)
	}
	if err == nil && len(recordings) == 0 {
		d.report(RecordingMove{Database: d.name})
	}
	meter := startMoveMeter(ctx, d.name, recordings)
	visited := int64(0) // bytes
	for i, r := range recordings {
		if ctx.Err() != nil {
			return nil
		}
		bytes, err := d.moveOne(ctx, r, meter)
		visited += r.Size
		meter.Set(visited)
		switch {
		case err != nil && ctx.Err() != nil:
			return nil // the next call continues
		case errors.Is(err, registry.ErrNotFound):
			d.report(RecordingMove{Database: d.name, Skipped: "no longer ready", Done: i, Total: len(recordings)})
			return nil
		}
		d.report(RecordingMove{
			Database: d.name, Recording: r.RecordingID, Bytes: bytes, Error: registry.ErrorText(err),
			Done: i + 1, Total: len(recordings),
		})
		if errors.Is(err, syscall.ENOSPC) {
			return nil
		}
		if err := storageFailure(err); err != nil {
			return err
		}
	}
	return nil
}

// prepare removes the copies that moves in the other direction have left, and lists the recordings to move.
func (d databaseMover) prepare(ctx context.Context) ([]movableRecording, error) {
	handle, err := d.service.Acquire(ctx, d.name)
	if err != nil {
		return nil, err
	}
	defer handle.Release()
	elsewhere, here := "[[blob]] = ''", "[[blob]] != ''"
	if d.to.Engine() == blob.EngineDisk {
		elsewhere, here = here, elsewhere
	}
	hasCopy := "json_valid([[move]]) AND [[move]] ->> '$.key' != '' AND "
	abandoned, err := queryMovable(ctx, handle.Database, dbx.NewExp(hasCopy+here))
	if err != nil {
		return nil, err
	}
	for _, r := range abandoned {
		mover := &recordingMover{service: d.service, db: handle.Database, to: d.to, recording: r}
		if err := mover.forgetCopy(ctx); err != nil && !errors.Is(err, errRecordingChanged) {
			return nil, fmt.Errorf("remove the copy of recording %s: %w", r.fathomID(), err)
		}
	}
	return queryMovable(ctx, handle.Database, dbx.NewExp("[[file]] != '' AND "+elsewhere))
}

// moveOne returns how many bytes were moved, or registry.ErrNotFound if the database isn't ready any more.
func (d databaseMover) moveOne(ctx context.Context, r movableRecording, meter *progress.Meter) (bytes int64, err error) {
	if _, err := d.service.Lookup(ctx, d.name); err != nil {
		return 0, err
	}
	handle, err := d.service.Acquire(ctx, d.name)
	if err != nil {
		return 0, err
	}
	defer handle.Release()
	mover := &recordingMover{service: d.service, db: handle.Database, to: d.to, recording: r, meter: meter}
	return mover.move(ctx)
}

func startMoveMeter(ctx context.Context, database string, recordings []movableRecording) *progress.Meter {
	start := progress.Progress{Stage: database, Unit: progress.Bytes}
	for _, r := range recordings {
		start.Total += r.Size
	}
	return progress.Start(ctx, start)
}

// storageFailure returns an error that says what to do if err is a failure of S3 that concerns all recordings. With
// every further one, S3 would be asked in vain for minutes.
func storageFailure(err error) error {
	failure, ok := errors.AsType[*blob.Error](err)
	if !ok || failure.Kind == blob.KindFailed && !failure.Temporary() {
		return nil
	}
	return fmt.Errorf("stopped after a failure: %w. %s", failure, failure.Message())
}

// movableRecording is a recording that has a file.
type movableRecording struct {
	storedRecording
	RecordingID int64  `db:"recording_id"`
	SHA256      string `db:"sha256"`
	Move        string `db:"move"` // the unfinished upload of a copy, in JSON
}

func (r movableRecording) fathomID() string { return strconv.FormatInt(r.RecordingID, 10) }

func queryMovable(ctx context.Context, db *Database, where dbx.Expression) ([]movableRecording, error) {
	collection, err := db.App.FindCachedCollectionByNameOrId(schema.Recordings)
	if err != nil {
		return nil, err
	}
	var recordings []movableRecording
	err = db.App.ConcurrentDB().
		Select("id", "file", "blob", "size", "recording_id", "sha256", "COALESCE([[move]], '') AS move").
		From(schema.Recordings).Where(where).OrderBy("recording_id").WithContext(ctx).All(&recordings)
	if err != nil {
		return nil, fmt.Errorf("list the recordings to move: %w", err)
	}
	for i := range recordings {
		recordings[i].path = storedPath(collection.Id, recordings[i].storedRecording)
	}
	return recordings, nil
}
