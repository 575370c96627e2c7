package pool

import "errors"

var (
	// ErrBusy means that Config.Max resources were open and in use, and none was released in time. The
	// caller may retry after a moment.
	ErrBusy = errors.New("pool is full and every resource is in use")

	// ErrInUse means that a resource was not released within Config.MaxExclusiveWait for exclusive
	// access.
	ErrInUse = errors.New("resource is in use")

	// ErrClosed means that the pool has been stopped.
	ErrClosed = errors.New("pool is closed")
)
