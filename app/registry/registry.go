// Package registry reads and writes the registry of user databases: the user_databases collection of
// the global database. The registry, and never the name of a folder, determines which user owns
// which database.
//
// It is also the only place that knows which databases this server has. Another one has the files of a database whose cell
// is set: nothing that reads the registry for work on files gets such a row, and looking for one of them returns
// ErrElsewhere. Everywhere lists them for what concerns names and keys alone.
//
// A Registry is safe for concurrent use. It caches lookups of ready databases, because every request
// to a user database needs one; the caller must report changes of rows and users with Forget, including
// those that bypass this process's hooks (package revocation notices changed credentials).
//
// The package must not touch the folders of user databases.
package registry

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Registry of user databases. It must be created with New.
type Registry struct {
	app core.App

	mu         sync.RWMutex
	generation uint64 // incremented by Forget, so that lookups running at that moment are not cached
	byName     map[string]ActiveEntry
}

// New returns the Registry of the global database, which must be migrated before the first use.
func New(app core.App) *Registry {
	return &Registry{app: app, byName: map[string]ActiveEntry{}}
}

// Forget removes what is cached for a user and for a database name. Either may be empty; if both are, it
// removes everything.
func (r *Registry) Forget(userID, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.generation++
	if userID == "" && name == "" {
		clear(r.byName)
		return
	}
	for cached, entry := range r.byName {
		if entry.UserID == userID || cached == name {
			delete(r.byName, cached)
		}
	}
}

// Lookup finds a ready database by name. It returns ErrNotFound if there is none. With ErrElsewhere, the entry says whose it
// is.
func (r *Registry) Lookup(ctx context.Context, name string) (ActiveEntry, error) {
	r.mu.RLock()
	entry, cached := r.byName[name]
	generation := r.generation
	r.mu.RUnlock()
	if cached {
		return entry, nil
	}

	found, err := r.find(ctx, dbx.HashExp{"d.name": name, "d.status": string(StatusReady)})
	isElsewhere := errors.Is(err, ErrElsewhere)
	if err != nil && !isElsewhere {
		return ActiveEntry{}, err
	}
	if found.TokenKey == "" { // the user was deleted
		return ActiveEntry{}, ErrNotFound
	}
	users, err := r.app.FindCachedCollectionByNameOrId(migrations.Users)
	if err != nil {
		return ActiveEntry{}, fmt.Errorf("find the collection of users: %w", err)
	}
	entry = ActiveEntry{Entry: found.entry(), Credential: credential(found.TokenKey, users)}
	if isElsewhere {
		return entry, ErrElsewhere
	}

	r.mu.Lock()
	if r.generation == generation {
		r.byName[name] = entry
	}
	r.mu.Unlock()
	return entry, nil
}

// ByUser finds the database of a user, whatever its status. It returns ErrNotFound if there is none, or
// ErrElsewhere.
func (r *Registry) ByUser(ctx context.Context, userID string) (Entry, error) {
	if userID == "" {
		return Entry{}, ErrNotFound
	}
	// The index on users is partial, and SQLite uses it only if the query implies its condition.
	found, err := r.find(ctx, dbx.And(dbx.HashExp{"d.user": userID}, dbx.NewExp("d.user != ''")))
	return found.entry(), err
}

// ByName finds a database by name, whatever its status. It returns ErrNotFound if there is none, or
// ErrElsewhere.
func (r *Registry) ByName(ctx context.Context, name string) (Entry, error) {
	found, err := r.find(ctx, dbx.HashExp{"d.name": name})
	return found.entry(), err
}

// isHere selects the databases of this server.
var isHere = dbx.HashExp{"d.cell": ""}

// All lists all databases of this server by name, which puts the oldest first.
func (r *Registry) All(ctx context.Context) ([]Entry, error) {
	return r.list(ctx, isHere)
}

// WithPorts lists the databases of this server to which a port is assigned.
func (r *Registry) WithPorts(ctx context.Context) ([]Entry, error) {
	return r.list(ctx, dbx.And(isHere, dbx.NewExp("d.port > 0")))
}

// Find lists the databases with the given names, in that order. A name may also be the e-mail address of
// an owner; if none has it in this spelling, case is ignored. Without names it lists all databases of this
// server. It returns ErrNotFound if a database does not exist, ErrElsewhere if it is on another server, and an
// error if an address belongs to several databases.
func (r *Registry) Find(ctx context.Context, names []string) ([]Entry, error) {
	if len(names) == 0 {
		return r.All(ctx)
	}
	found := make([]Entry, 0, len(names))
	var problems []error
	for _, name := range names {
		entries, err := r.list(ctx, dbx.NewExp("d.name = {:name} OR u.email = {:name} COLLATE NOCASE OR "+
			"CASE WHEN json_valid(d.owner) THEN json_extract(d.owner, '$.email') = {:name} COLLATE NOCASE END", dbx.Params{"name": name}))
		isExact := func(entry Entry) bool { return entry.Name == name || entry.Email == name }
		if slices.ContainsFunc(entries, isExact) {
			entries = slices.DeleteFunc(entries, func(entry Entry) bool { return !isExact(entry) })
		}
		switch {
		case err != nil:
			return nil, err
		case len(entries) == 0:
			problems = append(problems, fmt.Errorf("%q: %w", name, ErrNotFound))
		case len(entries) > 1:
			problems = append(problems, fmt.Errorf("%q matches %d databases; use a database name", name, len(entries)))
		case entries[0].IsElsewhere():
			problems = append(problems, fmt.Errorf("%q: %w", name, ErrElsewhere))
		default:
			found = append(found, entries...)
		}
	}
	return found, errors.Join(problems...)
}

// find returns the only row that matches, or ErrNotFound. It returns the row and ErrElsewhere if another server has the
// database.
func (r *Registry) find(ctx context.Context, where dbx.Expression) (row, error) {
	var found row
	err := selectRows(r.app).Where(where).WithContext(ctx).One(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return row{}, ErrNotFound
	}
	if err != nil {
		return row{}, fmt.Errorf("look up user database: %w", err)
	}
	if found.Cell != "" {
		return found, ErrElsewhere
	}
	return found, nil
}

func (r *Registry) list(ctx context.Context, where dbx.Expression) ([]Entry, error) {
	var rows []row
	if err := selectRows(r.app).Where(where).OrderBy("d.name").WithContext(ctx).All(&rows); err != nil {
		return nil, fmt.Errorf("list user databases: %w", err)
	}
	return entriesOf(rows), nil
}

// Sync makes all changes so far survive a power cut. With synchronous=NORMAL, which PocketBase uses,
// SQLite itself syncs only at its next checkpoint.
func (r *Registry) Sync() error {
	wal, err := os.Open(filepath.Join(r.app.DataDir(), sqlite.DataFile+"-wal"))
	if errors.Is(err, os.ErrNotExist) { // everything is in the database file
		return nil
	}
	if err == nil {
		err = errors.Join(durable.SyncData(wal), wal.Close())
	}
	if err != nil {
		return fmt.Errorf("sync the registry: %w", err)
	}
	return nil
}
