package userdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Status of a row in the registry.
const (
	StatusProvisioning = "provisioning"
	StatusReady        = "ready"
	StatusFailed       = "failed"
)

// Entry is one row of the registry: which folder is whose.
type Entry struct {
	ID            string
	UserID        string
	Name          string // 2024-01-15-001-johndoe
	Status        string
	SchemaVersion string
	WrappedKey    string // data key under the master key
}

// registry reads and writes the user_databases collection of the global
// database. Lookups are cached, because every request through the gateway makes
// one; this process is the only one that has the data directory open, so that
// record hooks see every change and drop what they touch.
type registry struct {
	app core.App

	mu         sync.RWMutex
	generation uint64 // grows with every forget; a read that raced one is not kept
	byName     map[string]owned
}

// owned is an entry with what proves a session of its user.
type owned struct {
	Entry
	tokenKey string
}

func newRegistry(app core.App) *registry {
	return &registry{app: app, byName: map[string]owned{}}
}

// forget drops every cached lookup that leads to a user or is of a name.
func (r *registry) forget(userID, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.generation++
	for cached, o := range r.byName {
		if o.UserID == userID || cached == name {
			delete(r.byName, cached)
		}
	}
}

// lookup finds a ready database by name together with its user's token key. It
// returns ErrNotFound where there is none.
func (r *registry) lookup(ctx context.Context, name string) (owned, error) {
	r.mu.RLock()
	o, ok := r.byName[name]
	generation := r.generation
	r.mu.RUnlock()
	if ok {
		return o, nil
	}

	var row struct {
		registryRow
		TokenKey string `db:"tokenKey"`
	}
	err := r.app.ConcurrentDB().
		Select("d.id", "d.user", "d.name", "d.status", "d.schema_version", "d.data_key", "u.tokenKey").
		From(migrations.UserDatabases+" d").
		InnerJoin(migrations.Users+" u", dbx.NewExp("u.id = d.user")).
		Where(dbx.HashExp{"d.name": name, "d.status": StatusReady}).
		WithContext(ctx).One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return owned{}, ErrNotFound
	}
	if err != nil {
		return owned{}, fmt.Errorf("look up user database %s: %w", name, err)
	}
	o = owned{Entry: row.entry(), tokenKey: row.TokenKey}

	r.mu.Lock()
	if r.generation == generation {
		r.byName[name] = o
	}
	r.mu.Unlock()
	return o, nil
}

// ofUser finds the row of a user in any status; ErrNotFound where there is none.
func (r *registry) ofUser(ctx context.Context, userID string) (Entry, error) {
	if userID == "" {
		return Entry{}, ErrNotFound
	}
	var row registryRow
	err := r.app.ConcurrentDB().Select(registryColumns...).From(migrations.UserDatabases).
		Where(dbx.HashExp{"user": userID}).WithContext(ctx).One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return Entry{}, ErrNotFound
	}
	if err != nil {
		return Entry{}, fmt.Errorf("look up the database of user %s: %w", userID, err)
	}
	return row.entry(), nil
}

// all lists every row, oldest name first.
func (r *registry) all(ctx context.Context) ([]Entry, error) {
	var rows []registryRow
	err := r.app.ConcurrentDB().Select(registryColumns...).From(migrations.UserDatabases).
		OrderBy("name").WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("list user databases: %w", err)
	}
	entries := make([]Entry, len(rows))
	for i, row := range rows {
		entries[i] = row.entry()
	}
	return entries, nil
}

// reserve writes the row of a new database and with it settles its name. Two
// calls for one user end with one row: the second gets the first one's. A name
// that is taken, because a folder without a row stands there, is passed over:
// nobody is ever handed a folder that was another's.
func (r *registry) reserve(ctx context.Context, userID, email string, now time.Time, taken func(name string) bool, wrap func(name string) (string, error)) (Entry, error) {
	var entry Entry
	err := r.app.RunInTransaction(func(tx core.App) error {
		existing, err := tx.FindFirstRecordByData(migrations.UserDatabases, "user", userID)
		if err == nil {
			entry = entryOf(existing)
			return nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("look for an existing row: %w", err)
		}

		date := day(now)
		var seq int
		err = tx.DB().Select("(COALESCE(MAX(seq), 0) + 1)").From(migrations.UserDatabases).
			Where(dbx.HashExp{"date": date}).WithContext(ctx).Row(&seq)
		if err != nil {
			return fmt.Errorf("find the next sequence number: %w", err)
		}

		collection, err := tx.FindCachedCollectionByNameOrId(migrations.UserDatabases)
		if err != nil {
			return err
		}
		name := formatName(date, seq, username(email))
		for taken(name) {
			seq++
			name = formatName(date, seq, username(email))
		}
		wrapped, err := wrap(name)
		if err != nil {
			return err
		}
		record := core.NewRecord(collection)
		record.Set("user", userID)
		record.Set("name", name)
		record.Set("date", date)
		record.Set("seq", seq)
		record.Set("status", StatusProvisioning)
		record.Set("data_key", wrapped)
		if err := tx.SaveWithContext(ctx, record); err != nil {
			return fmt.Errorf("write the registry row: %w", err)
		}
		entry = entryOf(record)
		return nil
	})
	if err != nil {
		return Entry{}, fmt.Errorf("reserve a database for user %s: %w", userID, err)
	}
	return entry, nil
}

// setStatus records a new status, with the cause where there is one.
func (r *registry) setStatus(ctx context.Context, entry *Entry, status string, cause error) error {
	record, err := r.app.FindRecordById(migrations.UserDatabases, entry.ID)
	if err != nil {
		return fmt.Errorf("find registry row of %s: %w", entry.Name, err)
	}
	record.Set("status", status)
	record.Set("schema_version", entry.SchemaVersion)
	record.Set("error", "")
	if cause != nil {
		record.Set("error", fmt.Sprintf("%.1000s", cause))
	}
	if err := r.app.SaveWithContext(ctx, record); err != nil {
		return fmt.Errorf("set status of %s to %s: %w", entry.Name, status, err)
	}
	entry.Status = status
	return nil
}

// touch records that a database was used and how large it is. It bypasses
// record hooks: this is bookkeeping nobody subscribes to.
func (r *registry) touch(name string, at time.Time, size int64) error {
	stamp, err := types.ParseDateTime(at)
	if err != nil {
		return err
	}
	_, err = r.app.NonconcurrentDB().Update(migrations.UserDatabases,
		dbx.Params{"last_used": stamp.String(), "size": size}, dbx.HashExp{"name": name}).Execute()
	if err != nil {
		return fmt.Errorf("record use of %s: %w", name, err)
	}
	return nil
}

var registryColumns = []string{"id", "user", "name", "status", "schema_version", "data_key"}

type registryRow struct {
	ID            string `db:"id"`
	User          string `db:"user"`
	Name          string `db:"name"`
	Status        string `db:"status"`
	SchemaVersion string `db:"schema_version"`
	DataKey       string `db:"data_key"`
}

func (row registryRow) entry() Entry {
	return Entry{ID: row.ID, UserID: row.User, Name: row.Name, Status: row.Status, SchemaVersion: row.SchemaVersion, WrappedKey: row.DataKey}
}

func entryOf(record *core.Record) Entry {
	return Entry{
		ID:            record.Id,
		UserID:        record.GetString("user"),
		Name:          record.GetString("name"),
		Status:        record.GetString("status"),
		SchemaVersion: record.GetString("schema_version"),
		WrappedKey:    record.GetString("data_key"),
	}
}
