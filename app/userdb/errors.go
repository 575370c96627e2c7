package userdb

import "errors"

var (
	// ErrNotFound means that the registry has no usable database of that name
	// or for that user.
	ErrNotFound = errors.New("user database not found")

	// ErrBusy means that as many databases as may be open are all in use; the
	// caller may try again in a moment.
	ErrBusy = errors.New("too many user databases are in use")

	// ErrInUse means that a database could not be had alone in time, because
	// requests or jobs are still using it.
	ErrInUse = errors.New("user database is in use")

	// ErrClosed means that the service has stopped.
	ErrClosed = errors.New("user databases are closed")

	// ErrWaking means that a database is being brought back from its archive and
	// that this takes longer than a sign-in should wait.
	ErrWaking = errors.New("user database is being brought back from its archive")

	// ErrNewerSchema means that the database was written by a newer version of
	// this program and would be damaged by this one.
	ErrNewerSchema = errors.New("user database has a newer schema than this program knows")
)
