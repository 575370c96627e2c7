package ledger

import (
	"fmt"
	"syscall"

	"github.com/dustin/go-humanize"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
)

// QuotaError means that a write would take a user database over its quota. All sizes are in bytes.
type QuotaError struct {
	What      string // what was to be written, such as "video"
	Needed    int64  // the size of What
	AtLeast   bool   // whether What may be larger than Needed
	Available int64  // what the quota leaves for What; not negative
	Quota     int64
}

// Error implements error.
func (e *QuotaError) Error() string {
	return fmt.Sprintf("storage quota exceeded: the %s needs %s, and %s of %s are left",
		e.What, atLeast(e.AtLeast, e.Needed), size(e.Available), size(e.Quota))
}

// Message returns sentences for the user.
func (e *QuotaError) Message() string {
	const advice = " Delete meetings or recordings you no longer need, or ask the operator for more storage."
	switch {
	case e.Available == 0:
		return fmt.Sprintf("Your storage is full: all of your %s are used.", size(e.Quota)) + advice
	case e.AtLeast:
		return fmt.Sprintf("This %s needs more than the %s of your %s that are left.", e.What, size(e.Available), size(e.Quota)) + advice
	}
	return fmt.Sprintf("This %s needs %s; %s of your %s are left.", e.What, size(e.Needed), size(e.Available), size(e.Quota)) + advice
}

// DiskError means that a write would use the reserve of a file system. It unwraps to syscall.ENOSPC, so that
// callers treat it like a full disk. All sizes are in bytes.
type DiskError struct {
	What      string // what was to be written, such as "video"
	Needed    int64
	Available int64 // what the reserve leaves; negative if the reserve itself is in use
}

// Error implements error.
func (e *DiskError) Error() string {
	return fmt.Sprintf("too little disk space: the %s needs %s, and %s are left above the reserve", e.What, size(e.Needed), size(e.Available))
}

// Unwrap returns syscall.ENOSPC.
func (e *DiskError) Unwrap() error { return syscall.ENOSPC }

var _ disk.Refusal = (*DiskError)(nil)

// RefusedWrite implements disk.Refusal: nothing has failed, so the reserve for full disks must not be released.
func (e *DiskError) RefusedWrite() {}

// Message returns a sentence for the user. It doesn't tell how much space the server has.
func (e *DiskError) Message() string {
	return fmt.Sprintf("The server's disk is full: there is no space for the %s (%s).", e.What, size(e.Needed))
}

// SizeError means that a file is larger than any file of its kind may be. All sizes are in bytes.
type SizeError struct {
	What   string // what was to be written, such as "video"
	Needed int64  // its size, or 0 if it is only known to be larger than Max
	Max    int64
}

// Error implements error.
func (e *SizeError) Error() string {
	if e.Needed == 0 {
		return fmt.Sprintf("%s is larger than %s", e.What, size(e.Max))
	}
	return fmt.Sprintf("%s of %s is larger than %s", e.What, size(e.Needed), size(e.Max))
}

// Message returns sentences for the user.
func (e *SizeError) Message() string {
	if e.Needed == 0 {
		return fmt.Sprintf("This %s is larger than %s, the maximum on this server.", e.What, size(e.Max))
	}
	return fmt.Sprintf("This %s has %s, but the maximum on this server is %s.", e.What, size(e.Needed), size(e.Max))
}

func size(bytes int64) string { return humanize.Bytes(uint64(max(bytes, 0))) }

func atLeast(is bool, bytes int64) string {
	if is {
		return "more than " + size(bytes)
	}
	return size(bytes)
}
