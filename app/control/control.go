// Package control connects a command to the process that owns the data directories: HTTP over a
// Unix socket in the data directory. The socket is accessible only to the user the server runs as.
// Anyone who can open it has full control; there is no other check.
//
// An operation receives a JSON request and responds either with a stream of items, one JSON line
// each, or with the bytes of a file. If the caller's context has a listener of package progress, it receives the
// progress that the operation reports. The operations are defined elsewhere, and this package must not
// depend on them. A Server and a Client are safe for concurrent use.
package control

import (
	"encoding/json"

	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
)

// SocketName is the name of the socket in the data directory.
const SocketName = ".control.sock"

// wantsProgress is the header of requests whose caller listens to progress. Clients of earlier versions don't send it,
// because they don't know lines with progress.
const wantsProgress = "Wants-Progress"

// totalSize is the header of a response with bytes that has the approximate number of them, if the operation knows it.
const totalSize = "Total-Size"

// line is one line of a stream. The last one has Done or Error, the others have Item or Progress.
type line struct {
	Item     json.RawMessage    `json:"item,omitempty"`
	Progress *progress.Progress `json:"progress,omitempty"`
	Error    string             `json:"error,omitempty"`
	Done     bool               `json:"done,omitempty"`
}
