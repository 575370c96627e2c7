package search

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// version is the version of the tables and of the way in which text is divided into words. A file with another one is
// built again.
const version = 2

const columnSpeakers = "speakers"

// tables of search.db. The tokenizer divides words only at spaces: package search has done the rest.
var tables = []string{
	"CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), token TEXT NOT NULL, previous TEXT NOT NULL," +
		" next INTEGER NOT NULL, complete INTEGER NOT NULL)",
	"CREATE TABLE touched (id INTEGER PRIMARY KEY)", // recordings that the latest change has indexed
	"CREATE TABLE recordings (id INTEGER PRIMARY KEY, date TEXT NOT NULL)",
	"CREATE TABLE contents (id INTEGER PRIMARY KEY, content BLOB NOT NULL)",
	"CREATE VIRTUAL TABLE terms USING fts5 (title, people, summary, notes, transcript, " + columnSpeakers + "," +
		" content='', contentless_delete=1, tokenize='ascii')",
	fmt.Sprintf("PRAGMA user_version = %d", version),
}

// state is how far an index is built, and which state of data.db it belongs to.
type state struct {
	Token    string `db:"token"`    // of the latest change, which data.db repeats
	Previous string `db:"previous"` // the token before
	Next     int64  `db:"next"`     // recordings above this id are indexed
	Complete bool   `db:"complete"` // all recordings are
}

// store is an open search.db. Its counts are guarded by the lock of the index.
type store struct {
	files         *sqlite.Files
	reads, writes *dbx.DB

	users    int
	detached bool // closed by its last user
}

// openStore opens the search.db of a user database. If there is none, or it is damaged, has another version or belongs
// to another state of data.db, it creates a new one.
func openStore(ctx context.Context, path string, data data) (*store, error) {
	opened, err := openExisting(ctx, path, data)
	if err == nil || !errors.Is(err, errDamaged) && !errors.Is(err, fs.ErrNotExist) {
		return opened, err
	}
	if err := removeFiles(path); err != nil {
		return nil, err
	}
	return createStore(ctx, path, data)
}

// openExisting returns errDamaged for a file that must be built again.
func openExisting(ctx context.Context, path string, data data) (_ *store, err error) {
	if _, err := os.Lstat(path); err != nil {
		return nil, err
	}
	s, err := connect(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	var found int
	if err := s.reads.NewQuery("PRAGMA user_version").WithContext(ctx).Row(&found); err != nil {
		return nil, explain(err)
	}
	if found != version {
		return nil, fmt.Errorf("%w: its version is %d", errDamaged, found)
	}
	current, err := s.state(ctx, s.reads)
	if err != nil {
		return nil, err
	}
	token, err := data.token(ctx)
	if err != nil {
		return nil, err
	}
	switch token {
	case current.Token:
	case current.Previous:
		// data.db doesn't know of the latest change, because of a crash or because it is an earlier copy.
		var touched []int64
		err = s.reads.NewQuery("SELECT [[id]] FROM touched").WithContext(ctx).Column(&touched)
		if err == nil {
			err = data.repeat(ctx, touched, current.Token)
		}
	default:
		err = fmt.Errorf("%w: it belongs to another state of %s", errDamaged, sqlite.DataFile)
	}
	return s, explain(err)
}

// createStore creates an empty file. data.db learns its token first, so that no other file is taken for it.
func createStore(ctx context.Context, path string, data data) (*store, error) {
	token := newToken(false)
	if err := data.setToken(ctx, token); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	s, err := connect(path)
	if err != nil {
		return nil, err
	}
	err = sqlite.Transaction(ctx, s.writes, func(tx *dbx.Tx) error {
		for _, statement := range tables {
			if _, err := tx.NewQuery(statement).WithContext(ctx).Execute(); err != nil {
				return err
			}
		}
		_, err := tx.Insert("state", dbx.Params{
			"id": 1, "token": token, "previous": token, "next": int64(math.MaxInt64), "complete": false,
		}).WithContext(ctx).Execute()
		return err
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("create search index: %w", err), s.close())
	}
	return s, nil
}

// connect opens the pools of a file, and the file only when they are used.
func connect(path string) (*store, error) {
	files := &sqlite.Files{}
	reads, err := files.Connect(path)
	if err != nil {
		return nil, err
	}
	writes, err := files.Connect(path)
	if err != nil {
		return nil, errors.Join(err, reads.Close())
	}
	files.Started()
	reads.DB().SetMaxOpenConns(2)
	writes.DB().SetMaxOpenConns(1)
	return &store{files: files, reads: reads, writes: writes}, nil
}

// close closes the file. No connection is open afterwards, so that the file can be removed.
func (s *store) close() error {
	err := errors.Join(s.reads.Close(), s.writes.Close())
	s.files.WaitClosed()
	return err
}

func (s *store) state(ctx context.Context, db dbx.Builder) (current state, err error) {
	err = db.NewQuery("SELECT [[token]], [[previous]], [[next]], [[complete]] FROM state").WithContext(ctx).One(&current)
	if errors.Is(err, sql.ErrNoRows) || sqlite.IsInvalid(err) {
		return state{}, fmt.Errorf("%w: %w", errDamaged, err)
	}
	return current, explain(err)
}

// check returns errDamaged if SQLite finds that the file is damaged.
func (s *store) check(ctx context.Context) error {
	var result string
	if err := s.reads.NewQuery("PRAGMA quick_check(1)").WithContext(ctx).Row(&result); err != nil {
		return explain(err)
	}
	if result != "ok" {
		return fmt.Errorf("%w: %s", errDamaged, result)
	}
	_, err := s.writes.NewQuery("INSERT INTO terms (terms) VALUES ('integrity-check')").WithContext(ctx).Execute()
	return explain(err)
}

// explain adds errDamaged to an error that means so.
func explain(err error) error {
	if sqlite.IsDamaged(err) {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	return err
}

// removeFiles removes a search.db with its log.
func removeFiles(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove search index: %w", err)
		}
	}
	return nil
}
