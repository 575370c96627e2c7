package registry

import (
	"errors"
	"fmt"
)

var (
	// ErrNotFound means that the registry has no such user database, or none that can be used now.
	ErrNotFound = errors.New("user database not found")

	// ErrConflict means that the row of a user database was changed or removed after it was read.
	ErrConflict = errors.New("registry row changed concurrently")

	errOwnerUnknown = errors.New("account of the deleted user was not kept")
)

// ErrorText is an error as the error field of a row stores it: shortened to 1000 characters, and
// empty for nil.
func ErrorText(err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprintf("%.1000s", err)
}
