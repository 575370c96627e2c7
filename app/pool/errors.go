package pool

import "errors"

var (
	// ErrBusy means that the maximum number of resources is open and in use, and that none was
	// released in time. The caller may retry after a moment.
	ErrBusy = errors.New("pool is full and every resource is in use")

	// ErrInUse means that the users of a resource did not release it in time.
	ErrInUse = errors.New("resource is in use")

	// ErrClosed means that the pool has been stopped.
	ErrClosed = errors.New("pool is closed")
)
