package registry

import (
	"errors"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

var (
	// ErrNotFound means that the user database does not exist or cannot be used in its current status.
	ErrNotFound = errors.New("user database not found")

	// ErrElsewhere means that the files of a user database are on another server, which alone may use them.
	ErrElsewhere = errors.New("the database is on another server")

	// ErrConflict means that the row of a user database was changed or removed after it was read.
	ErrConflict = errors.New("registry row changed concurrently")

	errOwnerUnknown = errors.New("registry has no account of the deleted user")
)

// IsNotHere reports whether an error means that this server has no such database: ErrNotFound or ErrElsewhere.
func IsNotHere(err error) bool { return errors.Is(err, ErrNotFound) || errors.Is(err, ErrElsewhere) }

// maxErrorText is the limit of the error field in characters.
const maxErrorText = 1000

// ErrorText returns the text of an error for the error field of a row: at most 1000 characters, and
// empty for nil.
func ErrorText(err error) string {
	if err == nil {
		return ""
	}
	return sanitize.Truncate(err.Error(), maxErrorText)
}
