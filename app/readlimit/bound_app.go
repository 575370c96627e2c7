package readlimit

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

// boundApp is an App whose queries for records end with a context. PocketBase's handlers don't pass the
// context of their request to the database. The methods below are those that they use to read records.
type boundApp struct {
	core.App
	ctx   context.Context
	meter *meter
}

// RecordQuery implements [core.App].
func (a *boundApp) RecordQuery(collection any) *dbx.SelectQuery {
	query := a.App.RecordQuery(collection)
	if query.Context() != nil { // cancelled by PocketBase because there is no such collection
		return query
	}
	return query.WithContext(a.ctx)
}

// FindRecordById implements [core.App].
func (a *boundApp) FindRecordById(collection any, id string, filters ...func(*dbx.SelectQuery) error) (*core.Record, error) {
	return a.App.FindRecordById(collection, id, append(filters, a.bind)...)
}

// FindRecordsByIds implements [core.App]. PocketBase expands relations with it.
func (a *boundApp) FindRecordsByIds(collection any, ids []string, filters ...func(*dbx.SelectQuery) error) ([]*core.Record, error) {
	return a.App.FindRecordsByIds(collection, ids, append(filters, a.bind)...)
}

// ExpandRecord implements [core.App].
func (a *boundApp) ExpandRecord(record *core.Record, expands []string, fetch core.ExpandFetchFunc) map[string]error {
	return a.ExpandRecords([]*core.Record{record}, expands, fetch)
}

// ExpandRecords implements [core.App].
func (a *boundApp) ExpandRecords(records []*core.Record, expands []string, fetch core.ExpandFetchFunc) map[string]error {
	failed := a.App.ExpandRecords(records, expands, fetch)
	a.abortIfIncomplete() // PocketBase would send the records without their relations
	return failed
}

// OnRecordsListRequest implements [core.App]. PocketBase calls it between reading the records and sending them.
func (a *boundApp) OnRecordsListRequest(tags ...string) *hook.TaggedHook[*core.RecordsListRequestEvent] {
	a.abortIfIncomplete()
	return a.App.OnRecordsListRequest(tags...)
}

// OnRecordViewRequest implements [core.App]. It is called like OnRecordsListRequest.
func (a *boundApp) OnRecordViewRequest(tags ...string) *hook.TaggedHook[*core.RecordRequestEvent] {
	a.abortIfIncomplete()
	return a.App.OnRecordViewRequest(tags...)
}

// abort is the value of a panic that ends a request; see nextUntilAbort.
type abort struct{ error }

// abortIfIncomplete ends the request if a query was ended early. Package dbx ignores errors between the rows of a
// result, so that PocketBase would send the rows up to there as if they were all.
func (a *boundApp) abortIfIncomplete() {
	if a.meter.exceeded.Load() {
		panic(abort{errBudgetExceeded})
	}
	if err := a.ctx.Err(); err != nil {
		panic(abort{err})
	}
}

func (a *boundApp) bind(query *dbx.SelectQuery) error {
	query.WithContext(a.ctx)
	return nil
}

// errBudgetExceeded ends a query whose records don't fit into the memory for responses.
var errBudgetExceeded = errors.New("read records: memory for responses is in use")

// freeBytes is how much a request may read however much the others hold, so that large responses don't keep
// ordinary ones waiting.
const freeBytes = 256 << 10

// meter counts the bytes that a request reads.
type meter struct {
	hold     *limit.Hold
	read     atomic.Int64
	exceeded atomic.Bool
}

func (m *meter) count(bytes int) error {
	if m.read.Add(int64(bytes)) <= freeBytes {
		return nil
	}
	if !m.hold.Add(bytes) {
		m.exceeded.Store(true)
		return errBudgetExceeded
	}
	return nil
}
