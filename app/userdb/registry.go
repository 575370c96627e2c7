package userdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// registry reads and writes the user_databases collection of the global
// database. Lookups are cached, because every request through the gateway makes
// one; this process is the only one that has the data directory open, so that
// record hooks see every change and drop what they touch.
type registry struct {
	app core.App

	mu         sync.RWMutex
	generation uint64 // grows with every forget; a read that raced one is not kept
	byName     map[string]Owned
}

// Owned is a ready database with what proves a session of its user.
type Owned struct {
	Entry
	TokenKey string
}

func newRegistry(app core.App) *registry {
	return &registry{app: app, byName: map[string]Owned{}}
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
func (r *registry) lookup(ctx context.Context, name string) (Owned, error) {
	r.mu.RLock()
	o, ok := r.byName[name]
	generation := r.generation
	r.mu.RUnlock()
	if ok {
		return o, nil
	}

	row, err := r.one(ctx, dbx.HashExp{"d.name": name, "d.status": StatusReady})
	if err != nil {
		return Owned{}, err
	}
	if row.TokenKey == "" { // the user was deleted
		return Owned{}, ErrNotFound
	}
	o = Owned{Entry: row.entry(), TokenKey: row.TokenKey}

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
	// The index on users is of rows that have one, and SQLite takes it only for a
	// question that says so.
	row, err := r.one(ctx, dbx.And(dbx.HashExp{"d.user": userID}, dbx.NewExp("d.user != ''")))
	return row.entry(), err
}

// named finds the row of a name in any status; ErrNotFound where there is none.
func (r *registry) named(ctx context.Context, name string) (Entry, error) {
	row, err := r.one(ctx, dbx.HashExp{"d.name": name})
	return row.entry(), err
}

func (r *registry) one(ctx context.Context, where dbx.Expression) (registryRow, error) {
	var row registryRow
	err := selectRows(r.app).Where(where).WithContext(ctx).One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return registryRow{}, ErrNotFound
	}
	if err != nil {
		return registryRow{}, fmt.Errorf("look up a user database: %w", err)
	}
	return row, nil
}

// all lists every row, oldest name first.
func (r *registry) all(ctx context.Context) ([]Entry, error) { return r.list(ctx, dbx.NewExp("1=1")) }

// find lists the rows of databases by their names or their owners' e-mail
// addresses, in that order. No names means all. It returns ErrNotFound for each
// that is not there.
func (r *registry) find(ctx context.Context, names []string) ([]Entry, error) {
	if len(names) == 0 {
		return r.all(ctx)
	}
	found := make([]Entry, 0, len(names))
	var problems []error
	for _, name := range names {
		entries, err := r.list(ctx, dbx.Or(dbx.HashExp{"d.name": name}, dbx.HashExp{"u.email": name},
			dbx.NewExp("CASE WHEN json_valid(d.owner) THEN json_extract(d.owner, '$.email') = {:email} END", dbx.Params{"email": name})))
		switch {
		case err != nil:
			return nil, err
		case len(entries) == 0:
			problems = append(problems, fmt.Errorf("%q: %w", name, ErrNotFound))
		case len(entries) > 1:
			problems = append(problems, fmt.Errorf("%q has %d databases: say which by its name", name, len(entries)))
		default:
			found = append(found, entries...)
		}
	}
	return found, errors.Join(problems...)
}

func (r *registry) list(ctx context.Context, where dbx.Expression) ([]Entry, error) {
	var rows []registryRow
	if err := selectRows(r.app).Where(where).OrderBy("d.name").WithContext(ctx).All(&rows); err != nil {
		return nil, fmt.Errorf("list user databases: %w", err)
	}
	entries := make([]Entry, len(rows))
	for i, row := range rows {
		entries[i] = row.entry()
	}
	return entries, nil
}
