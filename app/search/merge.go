package search

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// parts returns how many parts the index of words has. Each step adds one, and a search reads them all.
func (s *store) parts(ctx context.Context) (count int, err error) {
	err = s.reads.NewQuery("SELECT COUNT(DISTINCT [[segid]]) FROM {{terms_idx}}").WithContext(ctx).Row(&count)
	return count, explain(err)
}

// merge puts some pages of all parts into one, and reports whether there were any. FTS5 remembers how far it is; see
// https://sqlite.org/fts5.html#the_merge_command.
func (s *store) merge(ctx context.Context) (merged bool, err error) {
	err = sqlite.Transaction(ctx, s.writes, func(tx *dbx.Tx) error {
		changes := func() (count int64, err error) {
			return count, tx.NewQuery("SELECT total_changes()").WithContext(ctx).Row(&count)
		}
		before, err := changes()
		if err != nil {
			return err
		}
		merge := fmt.Sprintf("INSERT INTO terms (terms, rank) VALUES ('merge', -%d)", stepMerge)
		if _, err := tx.NewQuery(merge).WithContext(ctx).Execute(); err != nil {
			return err
		}
		after, err := changes()
		merged = after-before >= 2 // the command counts as one
		return err
	})
	return merged, explain(err)
}
