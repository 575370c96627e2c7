package disk

import (
	"errors"
	"syscall"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/tools/router"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// Fault is a reason why nothing can be written to a disk.
type Fault int

// The faults that an error can have.
const (
	NoFault  Fault = iota
	Full           // no space, or the quota of the process's user is used up
	ReadOnly       // the file system or the file can only be read
	Failing        // another input or output error

	// These say nothing about the disk, so that FaultOf never returns them.
	cantOpen // a file
	locked   // a write waited too long for the write of another connection or process
)

// String returns the fault as health checks and logs name it. It is empty for NoFault.
func (f Fault) String() string {
	return map[Fault]string{Full: "full", ReadOnly: "read-only", Failing: "failing"}[f]
}

// Refusal is implemented by errors of writes that were refused before they could fail, in order to keep space free.
type Refusal interface {
	error
	RefusedWrite()
}

// isRefusal reports whether an error, or the cause of a response, is a [Refusal].
func isRefusal(err error) bool {
	if response, ok := errors.AsType[*router.ApiError](err); ok {
		err, _ = response.RawData().(error)
	}
	_, refused := errors.AsType[Refusal](err)
	return refused
}

// FaultOf returns the fault of the disk that caused an error of SQLite or the operating system, however deep the
// error is inside those of PocketBase. It never decides by the text of an error, which users influence. A
// [Refusal] is no fault.
func FaultOf(err error) Fault {
	if fault := causeOf(err); fault <= Failing {
		return fault
	}
	return NoFault
}

// CantOpen reports whether a file couldn't be opened, for want of file descriptors or because it is gone.
func CantOpen(err error) bool { return causeOf(err) == cantOpen }

// IsLocked reports whether an error is SQLite's for a database that others were using for too long, however deep the
// error is inside those of PocketBase. Trying again helps.
func IsLocked(err error) bool { return causeOf(err) == locked }

// causeOf is FaultOf with cantOpen and locked as further results.
func causeOf(err error) Fault {
	if err == nil {
		return NoFault
	}
	if _, refused := errors.AsType[Refusal](err); refused {
		return NoFault
	}
	if cause, ok := errors.AsType[*sqlite.Error](err); ok {
		return faultOfSQLite(cause.Code())
	}
	if cause, ok := errors.AsType[syscall.Errno](err); ok {
		return faultOfSystem(cause)
	}
	// These contain errors that errors.As doesn't find.
	if cause, ok := errors.AsType[dbx.Errors](err); ok { // of a transaction that could not be rolled back
		return firstFault(cause)
	}
	if cause, ok := errors.AsType[validation.Errors](err); ok {
		for _, err := range cause {
			if fault := causeOf(err); fault != NoFault {
				return fault
			}
		}
		// PocketBase reveals the errors of the requests in a batch only in a response.
		return faultInResponse(router.NewBadRequestError("", cause).Data)
	}
	if cause, ok := errors.AsType[*router.ApiError](err); ok {
		if raw, ok := cause.RawData().(error); ok {
			if fault := causeOf(raw); fault != NoFault {
				return fault
			}
		}
		return faultInResponse(cause.Data)
	}
	return NoFault
}

// faultInResponse finds the error of a request inside a batch, which PocketBase keeps only in the response.
func faultInResponse(data map[string]any) Fault {
	for _, value := range data {
		var fault Fault
		switch value := value.(type) {
		case map[string]any:
			fault = faultInResponse(value)
		case error:
			fault = causeOf(value)
		}
		if fault != NoFault {
			return fault
		}
	}
	return NoFault
}

func firstFault(errs []error) Fault {
	for _, err := range errs {
		if fault := causeOf(err); fault != NoFault {
			return fault
		}
	}
	return NoFault
}

func faultOfSQLite(code int) Fault {
	switch code & 0xff {
	case lib.SQLITE_BUSY:
		return locked
	case lib.SQLITE_FULL:
		return Full
	case lib.SQLITE_READONLY:
		return ReadOnly
	case lib.SQLITE_IOERR:
		switch code {
		case lib.SQLITE_IOERR_READ, lib.SQLITE_IOERR_SHORT_READ, lib.SQLITE_IOERR_CORRUPTFS:
			return NoFault // of a damaged file, not of a write
		}
		return Failing
	case lib.SQLITE_CANTOPEN:
		return cantOpen
	}
	return NoFault
}

func faultOfSystem(errno syscall.Errno) Fault {
	switch errno {
	case syscall.ENOSPC, syscall.EDQUOT:
		return Full
	case syscall.EROFS:
		return ReadOnly
	case syscall.EIO:
		return Failing
	case syscall.EMFILE, syscall.ENFILE:
		return cantOpen
	}
	return NoFault
}
