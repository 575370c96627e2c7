package queue

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	maxPayload       = 4 << 10 // bytes
	maxActivePerUser = 2000    // jobs
)

// AddOptions are the options of AddWith. The zero value creates a job that may start at once.
type AddOptions struct {
	RunAt time.Time // when the job may start; the zero value means now

	// Again asks an active job that has started already to run once more when it is completed, because it may
	// have missed what happened since.
	Again bool
}

// Prepare turns a record that a user wants to create into a pending job of that user. It overwrites
// every field except kind, payload and run_at. If an active job of the user does the same work, Prepare
// leaves the record alone, merges the request into that job (see Kind.Merge) and returns it. It returns an
// *InvalidJob if the job is refused. app may be a transaction.
func (q *Queue) Prepare(app core.App, record *core.Record, userID string) (active *core.Record, err error) {
	request, err := q.parseOwnerRequest(record.GetString("kind"), record.GetString("payload"), userID)
	if err != nil {
		return nil, err
	}
	return q.prepare(app, record, userID, request, AddOptions{RunAt: record.GetDateTime("run_at").Time()})
}

func (q *Queue) prepare(
	app core.App, record *core.Record, userID string, request jobRequest, opts AddOptions,
) (active *core.Record, err error) {
	for range transitionAttempts {
		count, err := q.countActive(app, userID, request.key)
		if err != nil {
			return nil, err
		}
		if count.duplicates == 0 {
			if !request.kind.isServers(request.payload) {
				err = count.checkLimit()
			}
			if err == nil {
				q.setFields(record, userID, request, opts.RunAt)
			}
			return nil, err
		}
		if active, err = q.joinActive(app, userID, request, opts); err != nil || active != nil {
			return active, err
		}
	}
	return nil, fmt.Errorf("active %s of user %s keeps changing: try again", request.kind.Name, userID)
}

// setFields sets all fields of a new job.
func (q *Queue) setFields(record *core.Record, userID string, request jobRequest, runAt time.Time) {
	now := q.now()
	if !runAt.After(now) {
		runAt = now
	}
	record.Set("kind", request.kind.Name)
	record.Set("run_at", formatTime(runAt))
	record.Set("user", userID)
	record.Set("payload", types.JSONRaw(request.payload))
	record.Set("status", string(StatusPending))
	record.Set("ready", runAt.Equal(now))
	record.Set("priority", 0)
	record.Set("attempts", 0)
	record.Set("max_attempts", request.kind.MaxAttempts)
	record.Set("claims", 0)
	record.Set("progress", 0)
	record.Set("dedupe_key", request.key)
	for _, field := range []string{"result", "history"} {
		record.Set(field, nil)
	}
	for _, field := range []string{"cancel_requested", "again", "paused"} {
		record.Set(field, false)
	}
	for _, field := range []string{"worker_id", "claimed_at", "started_at", "lease_expires_at", "finished_at", "stage", "error"} {
		record.Set(field, "")
	}
}

// jobRequest is the work that a user asks for: once, in a job, or repeatedly, in a schedule.
type jobRequest struct {
	kind    Kind
	payload json.RawMessage
	key     string // identifies the work; a user's active jobs have different keys
}

// parseOwnerRequest is parseRequest for a request of a user. It also refuses what only the server may create.
func (q *Queue) parseOwnerRequest(kindName, payload, userID string) (jobRequest, error) {
	if q.byName[kindName].Internal {
		return jobRequest{}, &InvalidJob{Field: "kind", Message: unknownKindMessage(kindName, q.ownerKinds())}
	}
	request, err := q.parseRequest(kindName, payload, userID)
	if err == nil && request.kind.OwnerCheck != nil {
		if err := request.kind.OwnerCheck(request.payload); err != nil {
			return jobRequest{}, &InvalidJob{Field: "payload", Message: err.Error()}
		}
	}
	return request, err
}

// parseRequest checks a kind and a payload. It returns an *InvalidJob if one of them is invalid.
func (q *Queue) parseRequest(kindName, payload, userID string) (jobRequest, error) {
	kind, ok := q.byName[kindName]
	if !ok {
		return jobRequest{}, &InvalidJob{Field: "kind", Message: unknownKindMessage(kindName, q.ownerKinds())}
	}
	object, err := parsePayload(payload)
	if err != nil {
		return jobRequest{}, err
	}
	dedupe, err := kind.Check(object)
	if err != nil {
		return jobRequest{}, &InvalidJob{Field: "payload", Message: err.Error()}
	}
	return jobRequest{kind: kind, payload: object, key: workKey(kind.Name, userID, dedupe)}, nil
}

// workKey returns the dedupe key of a piece of work.
func workKey(kind, userID, work string) string { return kind + ":" + userID + ":" + work }

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

// activeCount counts active jobs of one user.
type activeCount struct {
	jobs       int // of kinds that users create
	duplicates int // jobs that do a certain piece of work: 0 or 1
}

func (q *Queue) countActive(app core.App, userID, key string) (count activeCount, err error) {
	err = app.DB().NewQuery(countActiveSQL).Bind(dbx.Params{"user": userID, "key": key, "internal": q.internal}).
		Row(&count.jobs, &count.duplicates)
	if err != nil {
		return count, fmt.Errorf("count active jobs of user %s: %w", userID, err)
	}
	return count, nil
}

// checkLimit returns an *InvalidJob if the user has the maximum number of active jobs.
func (c activeCount) checkLimit() error {
	if c.jobs < maxActivePerUser {
		return nil
	}
	return &InvalidJob{full: true, Field: "kind", Message: fmt.Sprintf("You already have %d active jobs, the maximum. Wait until some of them end.", c.jobs)}
}

// Add is AddWith without options.
func (q *Queue) Add(ctx context.Context, app core.App, userID, kind, payload string) (string, error) {
	return q.AddWith(ctx, app, userID, kind, payload, AddOptions{})
}

// AddWith creates a job for a user and returns its id, or that of the active job that does the same work,
// into which it merges the request (see Kind.Merge). The rules, and the errors, are the same as for jobs that
// users create (see Prepare), except that internal kinds are allowed. app may be a transaction.
func (q *Queue) AddWith(ctx context.Context, app core.App, userID, kind, payload string, opts AddOptions) (string, error) {
	request, err := q.parseRequest(kind, payload, userID)
	if err != nil {
		return "", err
	}
	collection, err := app.FindCachedCollectionByNameOrId(migrations.GlobalQueue)
	if err != nil {
		return "", err
	}
	for range transitionAttempts {
		record := core.NewRecord(collection)
		active, err := q.prepare(app, record, userID, request, opts)
		if err != nil {
			return "", err
		}
		if active != nil {
			return active.Id, nil
		}
		err = app.SaveWithContext(ctx, record)
		if err == nil {
			return record.Id, nil
		}
		if !IsDuplicate(err) { // otherwise another request has created the job in between
			return "", fmt.Errorf("save job of user %s: %w", userID, err)
		}
	}
	return "", fmt.Errorf("active %s of user %s keeps changing: try again", kind, userID)
}

// DecodeStrict decodes a payload into target. It returns an error if the payload has a key that target
// does not have.
func DecodeStrict(payload json.RawMessage, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.DisallowUnknownFields()
	return decoder.Decode(target)
}
