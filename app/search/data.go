package search

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// data is the data.db of a user database: what it knows about the index.
type data struct {
	reads, writes dbx.Builder
}

// token returns the name of the latest change of the index.
func (d data) token(ctx context.Context) (token string, err error) {
	err = d.reads.Select("token").From(schema.SearchState).WithContext(ctx).Row(&token)
	if err != nil {
		return "", fmt.Errorf("read the state of the search index: %w", err)
	}
	return token, nil
}

func (d data) setToken(ctx context.Context, token string) error {
	_, err := d.writes.Update(schema.SearchState, dbx.Params{"token": token}, nil).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("record the state of the search index: %w", err)
	}
	return nil
}

// backlog reads data.db only.
func (d data) backlog(ctx context.Context, db dbx.Builder) (b backlog, err error) {
	err = db.NewQuery("SELECT [[token]], (SELECT COUNT(*) FROM {{" + schema.SearchPending + "}}) AS [[pending]]," +
		" (SELECT COUNT(*) FROM {{" + schema.Meetings + "}}) AS [[meetings]] FROM {{" + schema.SearchState + "}}").
		WithContext(ctx).One(&b)
	if err != nil {
		return backlog{}, fmt.Errorf("read the state of the search index: %w", err)
	}
	return b, nil
}

// forget removes what has been indexed from the list of pending changes. Rows that have been added since have higher
// numbers.
func (d data) forget(ctx context.Context, pending []pendingRow, token string) error {
	return d.change(ctx, "forget pending changes", func(tx *dbx.Tx) error {
		if len(pending) > 0 {
			done := dbx.NewExp("[[seq]] <= {:last}", dbx.Params{"last": pending[len(pending)-1].Seq})
			if _, err := tx.Delete(schema.SearchPending, done).WithContext(ctx).Execute(); err != nil {
				return err
			}
		}
		return data{writes: tx}.setToken(ctx, token)
	})
}

// repeat adds recordings to the list of pending changes.
func (d data) repeat(ctx context.Context, ids []int64, token string) error {
	return d.change(ctx, "repeat pending changes", func(tx *dbx.Tx) error {
		for _, id := range ids {
			_, err := tx.NewQuery("INSERT OR REPLACE INTO {{" + schema.SearchPending + "}} ([[recording_id]]) VALUES ({:id})").
				Bind(dbx.Params{"id": id}).WithContext(ctx).Execute()
			if err != nil {
				return err
			}
		}
		return data{writes: tx}.setToken(ctx, token)
	})
}

func (d data) change(ctx context.Context, what string, change func(tx *dbx.Tx) error) error {
	pool, ok := d.writes.(*dbx.DB)
	if !ok {
		return errors.New(what + ": the database is in a transaction")
	}
	if err := sqlite.Transaction(ctx, pool, change); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
