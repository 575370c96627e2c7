package sqlite

import (
	"errors"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// primary is the part of an error's code that isn't a detail.
const primary = 0xff

// IsDamaged reports whether an error means that a file is no database, or that its content is malformed.
func IsDamaged(err error) bool {
	code := codeOf(err)
	return code == lib.SQLITE_CORRUPT || code == lib.SQLITE_NOTADB
}

// IsInvalid reports whether an error means that a statement doesn't fit the tables of a file.
func IsInvalid(err error) bool { return codeOf(err) == lib.SQLITE_ERROR }

// IsInterrupted reports whether an error means that a query was ended because its context has.
func IsInterrupted(err error) bool { return codeOf(err) == lib.SQLITE_INTERRUPT }

// codeOf returns the primary code of an error, or SQLITE_OK for one that isn't SQLite's.
func codeOf(err error) int {
	if cause, ok := errors.AsType[*sqlite.Error](err); ok {
		return cause.Code() & primary
	}
	return lib.SQLITE_OK
}
