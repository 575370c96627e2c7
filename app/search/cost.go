package search

import (
	"context"
	"fmt"
	"unicode"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// SQLite can't be interrupted while it merges the words with a prefix or counts how often words occur, so the cost of both
// is estimated before, in pages of 4 KB of the index. A page takes about 0.1 ms, and one of words with a prefix prefixCost
// times as long.
const (
	maxCost    = 1200
	prefixCost = 8
)

// costSQL counts the pages with terms of a range in all parts of the index. The table terms_idx of FTS5 has the first term
// of each page that has one; see https://sqlite.org/src/file/ext/fts5/fts5_index.c. The numbers of pages are doubled.
const costSQL = "WITH RECURSIVE segments(id) AS (SELECT MIN(segid) FROM terms_idx UNION ALL" +
	" SELECT (SELECT MIN(segid) FROM terms_idx WHERE segid > id) FROM segments WHERE id IS NOT NULL)," +
	" ranges AS (SELECT" +
	" (SELECT pgno FROM terms_idx WHERE segid = id AND term <= {:first} ORDER BY term DESC LIMIT 1) AS first," +
	" COALESCE((SELECT pgno FROM terms_idx WHERE segid = id AND term > {:last} ORDER BY term LIMIT 1)," +
	" (SELECT pgno FROM terms_idx WHERE segid = id ORDER BY term DESC LIMIT 1)) AS last" +
	" FROM segments WHERE id IS NOT NULL)" +
	" SELECT COALESCE(SUM(MAX(last - COALESCE(first, 0), 0) / 2), 0) FROM ranges"

// isCheap reports whether there is time to rank what a query finds. It returns ErrTooExpensive if there isn't even time to
// find it.
func (s *store) isCheap(ctx context.Context, query Query) (bool, error) {
	words, prefixes := int64(0), int64(0)
	for _, term := range query.root.terms(true) {
		for i, word := range term.words {
			first := "0" + word // FTS5 puts this before terms of its main index
			if term.prefix && i == len(term.words)-1 {
				pages, err := s.pages(ctx, first, first+string(unicode.MaxRune))
				if err != nil {
					return false, err
				}
				if prefixes += pages * prefixCost; prefixes > maxCost {
					return false, ErrTooExpensive
				}
				continue
			}
			pages, err := s.pages(ctx, first, first)
			if err != nil {
				return false, err
			}
			words += pages
		}
	}
	return words+prefixes <= maxCost, nil
}

// pages returns how many pages have terms of a range.
func (s *store) pages(ctx context.Context, first, last string) (pages int64, err error) {
	err = s.reads.NewQuery(costSQL).Bind(dbx.Params{"first": []byte(first), "last": []byte(last)}).WithContext(ctx).Row(&pages)
	if sqlite.IsInvalid(err) { // the statement is always the same
		return 0, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if err != nil {
		return 0, failure(ctx, err)
	}
	return pages, nil
}
