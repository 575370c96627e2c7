package queue

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	maxPayload       = 4 << 10
	maxActivePerUser = 2000
)

// InvalidJob says why a job was refused, by field of the record.
type InvalidJob struct {
	Field   string
	Message string
}

func (e *InvalidJob) Error() string { return e.Field + ": " + e.Message }

// ErrDuplicate means that the same work is already waiting or running.
var ErrDuplicate = errors.New("the same job is already in the queue")

// Prepare turns a record that a user asks to create into a pending job of
// theirs. Whatever else they have set is overwritten. It returns an
// *InvalidJob or ErrDuplicate where the job is refused.
func (q *Queue) Prepare(app core.App, record *core.Record, userID string) error {
	kind, payload, key, err := q.check(record.GetString("kind"), record.GetString("payload"), userID)
	if err != nil {
		return err
	}
	if err := q.checkRoom(app, userID, key); err != nil {
		return err
	}

	ready := false
	if runAt := record.GetDateTime("run_at"); runAt.IsZero() || !runAt.Time().After(q.now()) {
		record.Set("run_at", q.stamp(0))
		ready = true
	}
	record.Set("user", userID)
	record.Set("payload", types.JSONRaw(payload))
	record.Set("status", StatusPending)
	record.Set("ready", ready)
	record.Set("priority", 0)
	record.Set("attempts", 0)
	record.Set("max_attempts", kind.MaxAttempts)
	record.Set("claims", 0)
	record.Set("progress", 0)
	record.Set("cancel_requested", false)
	record.Set("dedupe_key", key)
	record.Set("result", nil)
	record.Set("history", nil)
	for _, field := range []string{"worker_id", "claimed_at", "started_at", "lease_expires_at", "finished_at", "stage", "error"} {
		record.Set(field, "")
	}
	return nil
}

// check returns a job's kind, its payload and the key that makes it the same as
// another.
func (q *Queue) check(name, raw, userID string) (kind Kind, payload json.RawMessage, key string, err error) {
	kind, ok := q.kinds[name]
	if !ok {
		return kind, nil, "", &InvalidJob{Field: "kind", Message: "Unknown kind of job."}
	}
	if payload, err = checkPayload(raw); err != nil {
		return kind, nil, "", err
	}
	dedupe, err := kind.Check(payload)
	if err != nil {
		return kind, nil, "", &InvalidJob{Field: "payload", Message: err.Error()}
	}
	return kind, payload, kind.Name + ":" + userID + ":" + dedupe, nil
}

// checkRoom returns ErrDuplicate where a job with a key waits or runs already, and
// an *InvalidJob where its user has as many as fit. The index of active jobs
// refuses a second one whatever two requests at once have seen.
func (q *Queue) checkRoom(app core.App, userID, key string) error {
	var active, same int
	err := app.DB().Select("COUNT(*)", "COUNT(CASE WHEN dedupe_key = {:key} THEN 1 END)").From(migrations.GlobalQueue).
		Where(activeOf(userID)).Bind(dbx.Params{"key": key, "user": userID}).Row(&active, &same)
	switch {
	case err != nil:
		return fmt.Errorf("count the active jobs of user %s: %w", userID, err)
	case same > 0:
		return ErrDuplicate
	case active >= maxActivePerUser:
		return &InvalidJob{Field: "kind", Message: fmt.Sprintf("You have %d jobs waiting, which is as many as fit. Wait until some are done.", active)}
	}
	return nil
}

// activeOf selects the active jobs of a user. The key, which is never blank, has
// SQLite take the index of active jobs and not that of all of a user's.
func activeOf(userID string) dbx.Expression {
	return dbx.NewExp("user = {:user} AND dedupe_key > '' AND finished_at = ''", dbx.Params{"user": userID})
}

// Add creates a job of a user, as one that they create themselves.
func (q *Queue) Add(ctx context.Context, app core.App, userID, kind, payload string) (id string, err error) {
	collection, err := app.FindCachedCollectionByNameOrId(migrations.GlobalQueue)
	if err != nil {
		return "", err
	}
	record := core.NewRecord(collection)
	record.Set("kind", kind)
	record.Set("payload", payload)
	if err := q.Prepare(app, record, userID); err != nil {
		return "", err
	}
	if err := app.SaveWithContext(ctx, record); err != nil {
		return "", fmt.Errorf("save a job of user %s: %w", userID, err)
	}
	return record.Id, nil
}

func checkPayload(raw string) (json.RawMessage, error) {
	if raw == "" || raw == "null" {
		raw = "{}"
	}
	if len(raw) > maxPayload {
		return nil, &InvalidJob{Field: "payload", Message: fmt.Sprintf("The payload may have at most %d bytes.", maxPayload)}
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(raw), &object); err != nil {
		return nil, &InvalidJob{Field: "payload", Message: "The payload must be a JSON object."}
	}
	return json.RawMessage(raw), nil
}

// DecodeStrict decodes a payload and refuses keys that target doesn't have.
func DecodeStrict(payload json.RawMessage, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.DisallowUnknownFields()
	return decoder.Decode(target)
}
