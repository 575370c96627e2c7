package userdb

import "errors"

var (
	// ErrNotFound means that the registry has no usable database of that name
	// or for that user.
	ErrNotFound = errors.New("user database not found")

	// ErrBusy means that as many databases as may be open are all in use; the
	// caller may try again in a moment.
	ErrBusy = errors.New("too many user databases are in use")

	// ErrClosed means that the service has stopped.
	ErrClosed = errors.New("user databases are closed")

	// ErrNewerSchema means that the database was written by a newer version of
	// this program and would be damaged by this one.
	ErrNewerSchema = errors.New("user database has a newer schema than this program knows")
)
