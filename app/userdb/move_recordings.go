package userdb

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
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
	Skipped   string `json:"skipped,omitempty"` // why the database was left out
	Done      int    `json:"done"`              // recordings of the database processed so far, including this one
	Total     int    `json:"total"`             // recordings of the database to move
}

// MoveRecordings moves the files of existing recordings to an engine, one after the other, and reports the result for
// each. People may use the databases in the meantime. Without names, it visits all databases. A recording stays where it
// is until its copy is complete and has the right checksum. After a crash or the end of ctx, the next call continues,
// also in the middle of a file. MoveRecordings returns ErrMoving, an error of the registry, a *blob.Error of
// KindNotConfigured, or ctx.Err.
func (s *Service) MoveRecordings(ctx context.Context, names []string, to blob.Engine, report func(RecordingMove)) error {
	target, err := s.blobs.Of(to)
	if err != nil {
		return err
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
		s.moveDatabase(ctx, entry, target, report)
	}
	return ctx.Err()
}

// moveDatabase moves the recordings of one database.
func (s *Service) moveDatabase(ctx context.Context, entry registry.Entry, to blob.Store, report func(RecordingMove)) {
	if entry.Status != registry.StatusReady {
		report(RecordingMove{Database: entry.Name, Skipped: string(entry.Status)})
		return
	}
	fail := func(err error) { report(RecordingMove{Database: entry.Name, Error: registry.ErrorText(err)}) }
	handle, err := s.Acquire(ctx, entry.Name)
	if err != nil {
		fail(err)
		return
	}
	defer handle.Release()
	recordings, err := recordingsOutside(ctx, handle.Database, to.Engine())
	if err != nil {
		fail(err)
		return
	}
	if len(recordings) == 0 {
		report(RecordingMove{Database: entry.Name})
	}
	for i, r := range recordings {
		if ctx.Err() != nil {
			return
		}
		mover := &recordingMover{service: s, db: handle.Database, to: to, recording: r}
		bytes, err := mover.move(ctx)
		if err != nil && ctx.Err() != nil {
			return // the next call continues
		}
		report(RecordingMove{
			Database: entry.Name, Recording: r.RecordingID, Bytes: bytes, Error: registry.ErrorText(err), Done: i + 1, Total: len(recordings),
		})
	}
}

// movableRecording is a recording that has a file.
type movableRecording struct {
	storedRecording
	RecordingID int64  `db:"recording_id"`
	SHA256      string `db:"sha256"`
	Move        string `db:"move"` // the unfinished upload of a copy, in JSON
}

func (r movableRecording) fathomID() string { return strconv.FormatInt(r.RecordingID, 10) }

// recordingsOutside lists the recordings whose file isn't in an engine, or of which a copy hasn't been removed.
func recordingsOutside(ctx context.Context, db *Database, engine blob.Engine) ([]movableRecording, error) {
	where := dbx.NewExp("[[file]] != '' AND [[blob]] = ''")
	if engine == blob.EngineDisk {
		where = dbx.NewExp("[[file]] != '' AND [[blob]] != ''")
	}
	return queryMovable(ctx, db, where)
}

func queryMovable(ctx context.Context, db *Database, where dbx.Expression) ([]movableRecording, error) {
	collection, err := db.App.FindCachedCollectionByNameOrId(schema.Recordings)
	if err != nil {
		return nil, err
	}
	var recordings []movableRecording
	err = db.App.ConcurrentDB().Select("id", "file", "blob", "size", "recording_id", "sha256", "COALESCE([[move]], '') AS move").
		From(schema.Recordings).Where(where).OrderBy("recording_id").WithContext(ctx).All(&recordings)
	if err != nil {
		return nil, fmt.Errorf("list the recordings to move: %w", err)
	}
	for i := range recordings {
		recordings[i].path = storedPath(collection.Id, recordings[i].storedRecording)
	}
	return recordings, nil
}
