package userdb

import "errors"

var (
	// ErrBusy means that the maximum number of databases is open and all are in use. The caller may
	// retry after a moment.
	ErrBusy = errors.New("too many user databases are in use")

	// ErrInUse means that requests or jobs did not release a database in time for an operation that
	// needs exclusive access.
	ErrInUse = errors.New("user database is in use")

	// ErrClosed means that the service is not running.
	ErrClosed = errors.New("user database service is not running")

	// ErrPreparing means that a database is still being provisioned or unpacked from its archive. The
	// work continues; the caller may retry after a moment.
	ErrPreparing = errors.New("user database is still being prepared")

	// ErrContinues means that a change of a database takes longer than its caller waits. It continues.
	ErrContinues = errors.New("user database is still being changed")

	// ErrDeleting means that a database is scheduled for deletion. Until then, the operator can restore it.
	ErrDeleting = errors.New("user database is scheduled for deletion")

	// ErrExporting means that another export of the same database is running.
	ErrExporting = errors.New("user database is already being exported")

	// ErrRecordingMissing means that S3 doesn't contain a recording that the database refers to.
	ErrRecordingMissing = errors.New("file of a recording is missing in S3")

	// ErrNewerSchema means that a newer version of this program has written to the database, which
	// this version could damage.
	ErrNewerSchema = errors.New("user database has a newer schema than this program supports")

	errNotReady = errors.New("user database is not ready")

	// ErrMissing means that the folder of a database doesn't exist. A folder that exists but can't be used
	// has another error, which says why (see requireData).
	ErrMissing = errors.New("folder is missing: restore it from a backup")

	// ErrS3NotConfigured means that recordings are in S3, but this server has no settings of S3.
	ErrS3NotConfigured = errors.New(
		"recordings of this database are in S3, which isn't configured: set the S3_… settings again")

	errPurgeStarted = errors.New("deletion of its files has begun, so it can't be restored any more")

	errNoData = errors.New("folder contains no data.db, or an empty one: restore it from a backup")
)
