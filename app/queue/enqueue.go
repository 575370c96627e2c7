package queue

import (
	"bytes"
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
	defaultAttempts  = 5
)

// Kind describes the jobs a user may create.
type Kind struct {
	Name        string // such as recording.transfer
	MaxAttempts int    // default 5
	// Check validates a payload (a JSON object) and returns what makes a job of
	// this kind the same as another one of the same user: while one is active,
	// a second one with the same key is refused. The error is for the owner.
	Check func(payload json.RawMessage) (dedupe string, err error)
}

// InvalidJob says why a job was refused, by field of the record.
type InvalidJob struct {
	Field   string
	Message string
}

func (e *InvalidJob) Error() string { return e.Field + ": " + e.Message }

// ErrDuplicate means that the same work is already waiting or running.
var ErrDuplicate = errors.New("the same job is already in the queue")

// Define makes a kind known. It must not be called once the queue is in use.
func (q *Queue) Define(kind Kind) {
	if kind.MaxAttempts == 0 {
		kind.MaxAttempts = defaultAttempts
	}
	q.kinds[kind.Name] = kind
}

// Prepare turns a record that a user asks to create into a pending job of
// theirs. Whatever else they have set is overwritten. It returns an
// *InvalidJob or ErrDuplicate where the job is refused.
func (q *Queue) Prepare(app core.App, record *core.Record, userID string) error {
	kind, ok := q.kinds[record.GetString("kind")]
	if !ok {
		return &InvalidJob{Field: "kind", Message: "Unknown kind of job."}
	}
	payload, err := checkPayload(record.GetString("payload"))
	if err != nil {
		return err
	}
	dedupe, err := kind.Check(payload)
	if err != nil {
		return &InvalidJob{Field: "payload", Message: err.Error()}
	}
	key := kind.Name + ":" + userID + ":" + dedupe

	var active, same int
	err = app.DB().Select("COUNT(*)", "COUNT(CASE WHEN dedupe_key = {:key} THEN 1 END)").From(migrations.GlobalQueue).
		Where(dbx.HashExp{"user": userID}).
		AndWhere(dbx.In("status", StatusPending, StatusProcessing, StatusFailed)).
		Bind(dbx.Params{"key": key}).Row(&active, &same)
	switch {
	case err != nil:
		return fmt.Errorf("count the active jobs of user %s: %w", userID, err)
	case same > 0:
		return ErrDuplicate
	case active >= maxActivePerUser:
		return &InvalidJob{Field: "kind", Message: fmt.Sprintf("You have %d jobs waiting, which is as many as fit. Wait until some are done.", active)}
	}

	now := q.stamp(0)
	if runAt := record.GetDateTime("run_at"); runAt.IsZero() || !runAt.Time().After(q.now()) {
		record.Set("run_at", now)
	}
	record.Set("user", userID)
	record.Set("payload", types.JSONRaw(payload))
	record.Set("status", StatusPending)
	record.Set("priority", 0)
	record.Set("worker_id", "")
	record.Set("claimed_at", "")
	record.Set("lease_expires_at", "")
	record.Set("finished_at", "")
	record.Set("attempts", 0)
	record.Set("max_attempts", kind.MaxAttempts)
	record.Set("stage", "")
	record.Set("progress", 0)
	record.Set("result", nil)
	record.Set("error", "")
	record.Set("dedupe_key", key)
	return nil
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
