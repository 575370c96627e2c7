// Package audit records what happens to accounts, where their owners see it: sign-ins, changes of credentials, exports,
// deletions, and superusers who open a database. The records are in the collection audit_events of the global database,
// which no API can change (see hooks/audit_events.go).
//
// Equal events within an hour are one row with a count. A failure to record an event is logged and never fails what
// caused it: on a full disk, an operator must still be able to get in.
//
// A Recorder is safe for concurrent use. The package must not decide what is worth recording, or contain secrets.
package audit

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// MaxPerKind is how many rows of one kind each account keeps. Every kind has its own, so that an intruder can't push out
// the row of a sign-in with many harmless changes.
const MaxPerKind = 200

// What is kept of a client, in bytes.
const (
	maxAddress   = 50
	maxUserAgent = 200
)

// Config configures a Recorder. Logger and Now are optional.
type Config struct {
	App    core.App         // the global database
	Keep   time.Duration    // how long rows are kept; 0 means forever
	Logger *slog.Logger     // default: discards everything
	Now    func() time.Time // default: time.Now
}

// Recorder records events. A nil Recorder records nothing. It must be created with New.
type Recorder struct {
	app    core.App
	keep   time.Duration
	logger *slog.Logger
	now    func() time.Time

	background background.Group
	wake       background.Wake
	repeated   repeated
}

// New returns a Recorder. Record works at once, and Count after Start.
func New(cfg Config) *Recorder {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Recorder{app: cfg.App, keep: cfg.Keep, logger: cfg.Logger, now: cfg.Now, wake: background.NewWake()}
}

// Record records an event. It ignores that ctx ends. It must not be called in a transaction of the global database.
func (r *Recorder) Record(ctx context.Context, event Event) {
	if r != nil {
		r.RecordIn(ctx, r.app, event)
	}
}

// RecordIn records an event in the transaction of the change that it reports. Outside a transaction it is Record.
func (r *Recorder) RecordIn(ctx context.Context, tx core.App, event Event) {
	if r != nil {
		r.write(ctx, tx, r.newEntry(ctx, event))
	}
}

// entry is an event that happened count times, at last the latest, within one period.
type entry struct {
	Event
	count int
	last  time.Time
}

// newEntry returns an entry for an event that has just happened. What a client has sent about itself is shortened, because
// headers can be a megabyte long.
func (r *Recorder) newEntry(ctx context.Context, event Event) entry {
	if event.Actor.Kind == "" {
		event.Actor = ActorOf(ctx)
	}
	event.Actor.Address = sanitize.TruncateBytes(event.Actor.Address, maxAddress)
	event.Actor.UserAgent = sanitize.TruncateBytes(sanitize.SingleLine(event.Actor.UserAgent), maxUserAgent)
	return entry{Event: event, count: 1, last: r.now()}
}

// write saves an entry and reports whether it succeeded. It logs a failure.
func (r *Recorder) write(ctx context.Context, app core.App, e entry) bool {
	err := app.RunInTransaction(func(tx core.App) error { return e.save(context.WithoutCancel(ctx), tx) })
	if err != nil {
		r.logger.ErrorContext(ctx, "failed to record an event in the audit trail", "event", e.Kind, "account", e.Owner, "actor", e.Actor.Kind, "error", err)
	}
	return err == nil
}

// save adds an entry to the row of its bucket, which it creates if necessary.
func (e entry) save(ctx context.Context, tx core.App) error {
	bucket := e.bucket(e.last)
	row, err := tx.FindFirstRecordByData(migrations.AuditEvents, "bucket", bucket)
	if errors.Is(err, sql.ErrNoRows) {
		row, err = e.newRow(tx, bucket)
	}
	if err != nil {
		return fmt.Errorf("find the row of the event: %w", err)
	}
	row.Set("count", row.GetInt("count")+e.count)
	row.Set("last_at", e.last)
	row.Set("detail", e.Detail)
	row.Set("address", e.Actor.Address)
	row.Set("user_agent", e.Actor.UserAgent)
	return tx.SaveNoValidateWithContext(ctx, row)
}

func (e entry) newRow(tx core.App, bucket string) (*core.Record, error) {
	collection, err := tx.FindCachedCollectionByNameOrId(migrations.AuditEvents)
	if err != nil {
		return nil, err
	}
	row := core.NewRecord(collection)
	row.Load(map[string]any{
		"owner": e.Owner, "event": string(e.Kind), "database": e.Database,
		"actor": string(e.Actor.Kind), "actor_email": e.Actor.Email, "first_at": e.last, "bucket": bucket,
	})
	return row, nil
}
