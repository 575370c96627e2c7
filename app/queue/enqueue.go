package queue

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	maxPayload       = 4 << 10 // bytes
	maxActivePerUser = 2000    // jobs
)

// Prepare turns a record that a user wants to create into a pending job of that user. It overwrites
// every field except kind, payload and run_at. It returns an *InvalidJob or ErrDuplicate if the job is
// refused. app may be a transaction.
func (q *Queue) Prepare(app core.App, record *core.Record, userID string) error {
	request, err := q.parseRequest(record.GetString("kind"), record.GetString("payload"), userID)
	if err != nil {
		return err
	}
	if err := q.checkActiveLimit(app, userID, request.key); err != nil {
		return err
	}

	ready := false
	if runAt := record.GetDateTime("run_at"); runAt.IsZero() || !runAt.Time().After(q.now()) {
		record.Set("run_at", q.timestamp(0))
		ready = true
	}
	record.Set("user", userID)
	record.Set("payload", types.JSONRaw(request.payload))
	record.Set("status", string(StatusPending))
	record.Set("ready", ready)
	record.Set("priority", 0)
	record.Set("attempts", 0)
	record.Set("max_attempts", request.kind.MaxAttempts)
	record.Set("claims", 0)
	record.Set("progress", 0)
	record.Set("cancel_requested", false)
	record.Set("dedupe_key", request.key)
	record.Set("result", nil)
	record.Set("history", nil)
	record.Set("state", nil)
	for _, field := range []string{"worker_id", "claimed_at", "started_at", "lease_expires_at", "finished_at", "stage", "error"} {
		record.Set(field, "")
	}
	return nil
}

// jobRequest is the work that a user asks for: once, in a job, or repeatedly, in a schedule.
type jobRequest struct {
	kind    Kind
	payload json.RawMessage
	key     string // identifies the work; a user's active jobs have different keys
}

// parseRequest checks a kind and a payload. It returns an *InvalidJob if one of them is invalid.
func (q *Queue) parseRequest(kindName, payload, userID string) (jobRequest, error) {
	kind, ok := q.byName[kindName]
	if !ok {
		return jobRequest{}, &InvalidJob{Field: "kind", Message: q.unknownKindMessage(kindName)}
	}
	object, err := parsePayload(payload)
	if err != nil {
		return jobRequest{}, err
	}
	dedupe, err := kind.Check(object)
	if err != nil {
		return jobRequest{}, &InvalidJob{Field: "payload", Message: err.Error()}
	}
	return jobRequest{kind: kind, payload: object, key: kind.Name + ":" + userID + ":" + dedupe}, nil
}

func parsePayload(raw string) (json.RawMessage, error) {
	if raw == "" || raw == "null" {
		raw = "{}"
	}
	if len(raw) > maxPayload {
		return nil, &InvalidJob{Field: "payload", Message: fmt.Sprintf("The payload must not be larger than %d bytes.", maxPayload)}
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(raw), &object); err != nil {
		return nil, &InvalidJob{Field: "payload", Message: "The payload must be a JSON object."}
	}
	return json.RawMessage(raw), nil
}

// checkActiveLimit returns ErrDuplicate if a job with this key is active, and an *InvalidJob if the user
// has the maximum number of active jobs. If two requests race, the unique index of active jobs decides.
func (q *Queue) checkActiveLimit(app core.App, userID, key string) error {
	var active, duplicates int
	err := app.DB().NewQuery(countActiveSQL).Bind(dbx.Params{"user": userID, "key": key}).Row(&active, &duplicates)
	switch {
	case err != nil:
		return fmt.Errorf("count active jobs of user %s: %w", userID, err)
	case duplicates > 0:
		return ErrDuplicate
	case active >= maxActivePerUser:
		return &InvalidJob{Field: "kind", Message: fmt.Sprintf("You already have %d active jobs, the maximum. Wait until some of them end.", active)}
	}
	return nil
}

// Add creates a job for a user and returns its id. The rules, and the errors, are the same as for jobs
// that users create; see Prepare. app may be a transaction.
func (q *Queue) Add(ctx context.Context, app core.App, userID, kind, payload string) (string, error) {
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
		return "", fmt.Errorf("save job of user %s: %w", userID, err)
	}
	return record.Id, nil
}

// DecodeStrict decodes a payload into target. It returns an error if the payload has a key that target
// does not have.
func DecodeStrict(payload json.RawMessage, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.DisallowUnknownFields()
	return decoder.Decode(target)
}
