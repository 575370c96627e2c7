package search

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// A step indexes at most this many recordings, and stops after this many bytes of text.
const (
	stepRecordings = 20
	stepText       = 256 << 10
	stepMerge      = 256 // pages of 4 KB that are merged before a build is complete
)

// batch is what a step indexes.
type batch struct {
	pending   []pendingRow
	ids       []int64
	documents map[int64]*document // nil for recordings that don't exist any more
	isBuild   bool                // the recordings are those below state.next, instead of changed ones
	isLast    bool                // of the build
}

type pendingRow struct {
	Seq int64 `db:"seq"`
	ID  int64 `db:"recording_id"`
}

// step indexes some recordings, those that have changed first. It reports whether there is more to do. Nobody else may
// call step for the same database at the same time.
//
// The index changes before data.db forgets what is pending. After a crash in between, the tokens show that the change
// must be repeated.
func (s *store) step(ctx context.Context, data data) (more bool, err error) {
	current, err := s.state(ctx, s.reads)
	if err != nil {
		return false, err
	}
	work, err := s.nextBatch(ctx, data, current)
	if err != nil || len(work.ids) == 0 && !work.isLast {
		return false, err
	}
	if work.isLast {
		parts, err := s.parts(ctx)
		if err != nil {
			return false, err
		}
		if len(work.ids) == 0 && parts > 1 {
			if merged, err := s.merge(ctx); merged || err != nil {
				return true, err
			}
		}
		work.isLast = len(work.ids) == 0 || parts == 0
	}
	next := current
	if work.isBuild {
		next.Complete = work.isLast
		if len(work.ids) > 0 {
			next.Next = work.ids[len(work.ids)-1]
		}
	}
	if work.changesToken() {
		next.Token, next.Previous = newToken(next.Complete), current.Token
	}
	if err := s.write(ctx, work, next); err != nil {
		return false, explain(err)
	}
	if work.changesToken() {
		if err := data.forget(ctx, work.pending, next.Token); err != nil {
			return false, err
		}
	}
	return !work.isLast, nil
}

// changesToken reports whether data.db must learn of the step. It needn't know how far a build is.
func (b batch) changesToken() bool { return !b.isBuild || b.isLast }

// completePrefix starts the tokens of complete indexes, so that data.db says whether there is more to build.
const completePrefix = "+"

func newToken(isComplete bool) string {
	if isComplete {
		return completePrefix + rand.Text()
	}
	return rand.Text()
}

// nextBatch reads what is to be indexed, in one transaction, so that it is the state of data.db at one moment.
func (s *store) nextBatch(ctx context.Context, data data, current state) (work batch, err error) {
	pool, ok := data.reads.(*dbx.DB)
	if !ok {
		return batch{}, errors.New("read pending changes: the database is in a transaction")
	}
	tx, err := pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return batch{}, fmt.Errorf("read pending changes: %w", err)
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	err = tx.Select("seq", "recording_id").From(schema.SearchPending).OrderBy("seq").Limit(stepRecordings).WithContext(ctx).All(&work.pending)
	if err != nil {
		return batch{}, fmt.Errorf("read pending changes: %w", err)
	}
	var ids []int64
	for _, row := range work.pending {
		ids = append(ids, row.ID)
	}
	if len(ids) == 0 && !current.Complete {
		work.isBuild = true
		err := tx.Select("recording_id").From(schema.Meetings).
			Where(dbx.NewExp("[[recording_id]] < {:next}", dbx.Params{"next": current.Next})).
			OrderBy("recording_id DESC").Limit(stepRecordings).WithContext(ctx).Column(&ids)
		if err != nil {
			return batch{}, fmt.Errorf("list meetings: %w", err)
		}
		work.isLast = len(ids) < stepRecordings
	}
	return work, work.read(ctx, tx, ids)
}

// read reads recordings until they have enough text.
func (b *batch) read(ctx context.Context, db dbx.Builder, ids []int64) error {
	b.documents = map[int64]*document{}
	text := 0
	for i, id := range ids {
		if text > stepText {
			b.isLast = false
			b.pending = b.pending[:min(i, len(b.pending))]
			return nil
		}
		b.ids = append(b.ids, id)
		document, err := readDocument(ctx, db, id)
		if err != nil {
			return err
		}
		b.documents[id] = document
		if document != nil {
			text += document.size
		}
	}
	return nil
}

// write changes the index.
func (s *store) write(ctx context.Context, work batch, next state) error {
	rows := make([]row, 0, len(work.documents))
	for _, id := range slices.Sorted(maps.Keys(work.documents)) { // FTS5 writes another part for each id below the one before
		if err := ctx.Err(); err != nil {
			return err
		}
		rows = append(rows, newRow(id, work.documents[id]))
	}
	return sqlite.Transaction(ctx, s.writes, func(tx *dbx.Tx) error {
		for _, row := range rows {
			if err := row.write(ctx, tx); err != nil {
				return fmt.Errorf("index recording %d: %w", row.id, err)
			}
		}
		if work.changesToken() {
			if _, err := tx.Delete("touched", nil).WithContext(ctx).Execute(); err != nil {
				return err
			}
			for id := range work.documents {
				if _, err := tx.Insert("touched", dbx.Params{"id": id}).WithContext(ctx).Execute(); err != nil {
					return err
				}
			}
		}
		_, err := tx.Update("state", dbx.Params{
			"token": next.Token, "previous": next.Previous, "next": next.Next, "complete": next.Complete,
		}, nil).WithContext(ctx).Execute()
		return err
	})
}

// row is a recording as it is indexed.
type row struct {
	id      int64
	date    string
	columns [6][]byte // of terms: title, people, summary, notes, transcript, speakers
	content []byte
	isGone  bool // the recording doesn't exist any more
}

// columnOf says which column of terms contains the words of a field.
var columnOf = map[string]int{
	FieldTitle: 0, FieldPeople: 1, FieldSummary: 2, FieldActionItem: 3, FieldHighlight: 3, FieldTranscript: 4,
}

func newRow(id int64, d *document) row {
	r := row{id: id, isGone: d == nil}
	if r.isGone {
		return r
	}
	r.date, r.content = d.date, encode(d.sections)
	add := func(column int, text string) {
		r.columns[column] = appendWords(r.columns[column], text)
		r.columns[column] = append(r.columns[column], boundary+" "...)
	}
	for _, section := range d.sections {
		add(columnOf[section.field], section.text())
	}
	for _, speaker := range d.speakers {
		add(5, speaker)
	}
	r.columns[5] = append(r.columns[5], everybody...)
	return r
}

func (r row) write(ctx context.Context, tx *dbx.Tx) error {
	execute := func(statement string, params dbx.Params) error {
		_, err := tx.NewQuery(statement).Bind(params).WithContext(ctx).Execute()
		return err
	}
	id := dbx.Params{"id": r.id}
	for _, statement := range []string{
		"DELETE FROM terms WHERE rowid = {:id}", "DELETE FROM contents WHERE id = {:id}", "DELETE FROM recordings WHERE id = {:id}",
	} {
		if err := execute(statement, id); err != nil {
			return err
		}
	}
	if r.isGone {
		return nil
	}
	if err := execute("INSERT INTO recordings (id, date) VALUES ({:id}, {:date})", dbx.Params{"id": r.id, "date": r.date}); err != nil {
		return err
	}
	if err := execute("INSERT INTO contents (id, content) VALUES ({:id}, {:content})", dbx.Params{"id": r.id, "content": r.content}); err != nil {
		return err
	}
	params := dbx.Params{"id": r.id}
	for i, column := range []string{"title", "people", "summary", "notes", "transcript", "speakers"} {
		params[column] = string(r.columns[i])
	}
	return execute("INSERT INTO terms (rowid, title, people, summary, notes, transcript, speakers)"+
		" VALUES ({:id}, {:title}, {:people}, {:summary}, {:notes}, {:transcript}, {:speakers})", params)
}
