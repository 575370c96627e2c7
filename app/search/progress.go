package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/pocketbase/dbx"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// backlog is what data.db knows about the index.
type backlog struct {
	Token    string `db:"token"`
	Pending  int64  `db:"pending"`  // changed meetings
	Meetings int64  `db:"meetings"` // all of them
}

// isComplete reports whether the index contains all meetings as they are now, unless its file is missing.
func (b backlog) isComplete() bool {
	return b.Pending == 0 && (b.Meetings == 0 || strings.HasPrefix(b.Token, completePrefix))
}

// maxAtOnce is the size in bytes of a transcript, about two hours, from which no search waits until it is indexed: SQLite
// can't be interrupted meanwhile.
const maxAtOnce = 256 << 10

// hasLarge reports whether a transcript above maxAtOnce may be next.
func (x *index) hasLarge(ctx context.Context) (found bool, err error) {
	err = x.data().reads.NewQuery("SELECT EXISTS (SELECT 1 FROM {{" + schema.Transcripts + "}} WHERE octet_length([[items]]) > {:max}" +
		" AND ([[recording_id]] IN (SELECT [[recording_id]] FROM {{" + schema.SearchPending + "}})" +
		" OR NOT EXISTS (SELECT 1 FROM {{" + schema.SearchPending + "}})))").
		Bind(dbx.Params{"max": maxAtOnce}).WithContext(ctx).Row(&found)
	if err != nil {
		return false, fmt.Errorf("look for large transcripts: %w", err)
	}
	return found, nil
}

// isOutdated reports whether there is something to index. It doesn't open the index.
func (x *index) isOutdated(ctx context.Context) (bool, error) {
	data := x.data()
	b, err := data.backlog(ctx, data.reads)
	if err != nil {
		return false, err
	}
	if b.isComplete() && b.Meetings > 0 {
		_, err := os.Lstat(x.path)
		return errors.Is(err, fs.ErrNotExist), nil
	}
	return b.Pending > 0 || b.Meetings > 0, nil
}
