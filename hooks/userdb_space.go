package hooks

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func (d databaseHandlers) bindSpace() {
	bind(d.db.App.OnRecordCreateRequest(), "reserveSpace", d.reserveForNewRecord)
	bind(d.db.App.OnRecordUpdateRequest(), "reserveSpace", d.reserveForUpdate)
}

// reserveForNewRecord refuses new records for which the quota or the disk has no space.
func (d databaseHandlers) reserveForNewRecord(e *core.RecordRequestEvent) error {
	return d.withSpace(e, recordOverhead+max(recordSize(e.Record), e.Request.ContentLength)) // the body may contain a file
}

// reserveForUpdate refuses changes that make a record larger than there is space for. A link to Loom may always
// be saved: it is small, and the transfer that it completes exists already.
func (d databaseHandlers) reserveForUpdate(e *core.RecordRequestEvent) error {
	growth := recordSize(e.Record) - recordSize(e.Record.Original())
	if growth <= 0 || e.Collection.Name == schema.Transfers {
		return e.Next()
	}
	return d.withSpace(e, growth)
}

// withSpace runs the rest of a request with bytes reserved for it.
func (d databaseHandlers) withSpace(e *core.RecordRequestEvent, bytes int64) error {
	space, err := d.db.Space.Reserve("record", bytes)
	if err != nil {
		return spaceError(e.RequestEvent, err)
	}
	defer space.Release()
	return e.Next()
}

// recordOverhead is about what a small record and its index entries take, in bytes.
const recordOverhead = 512

// recordSize returns about how many bytes the fields of a record take.
func recordSize(record *core.Record) int64 {
	size := 0
	for _, field := range record.Collection().Fields {
		size += len(record.GetString(field.GetName()))
	}
	return int64(size)
}

// spaceError translates an error of package ledger for the client.
func spaceError(e *core.RequestEvent, err error) error {
	if over, ok := errors.AsType[*ledger.QuotaError](err); ok {
		return e.Error(http.StatusInsufficientStorage, over.Message(), nil)
	}
	if full, ok := errors.AsType[*ledger.DiskError](err); ok {
		return e.Error(http.StatusInsufficientStorage, full.Message()+" Try again later.", err)
	}
	return e.InternalServerError("", err)
}
