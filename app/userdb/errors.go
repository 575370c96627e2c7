package userdb

import "errors"

var (
	// ErrBusy means that as many databases as may be open are all in use; the
	// caller may try again in a moment.
	ErrBusy = errors.New("too many user databases are in use")

	// ErrInUse means that a database could not be had alone in time, because
	// requests or jobs are still using it.
	ErrInUse = errors.New("user database is in use")

	// ErrClosed means that the service has stopped.
	ErrClosed = errors.New("user databases are closed")

	// ErrPreparing means that a database is being made or brought back from its
	// archive and that this takes longer than a sign-in should wait.
	ErrPreparing = errors.New("user database is still being prepared")

	// ErrFull means that a database has as many bytes as its owner may have.
	ErrFull = errors.New("the storage of the user is full")

	// ErrExporting means that a database is being exported already.
	ErrExporting = errors.New("user database is being exported already")

	// ErrNewerSchema means that the database was written by a newer version of
	// this program and would be damaged by this one.
	ErrNewerSchema = errors.New("user database has a newer schema than this program knows")

	errNotReady = errors.New("only a ready one can be used for this")

	errMissing = errors.New("its folder is missing: put it back from a backup")
)
