// Package control connects a command to the process that owns the data directories: HTTP over a
// Unix socket in the data directory. The socket is accessible only to the user the server runs as.
// Anyone who can open it has full control; there is no other check.
//
// An operation receives a JSON request and responds either with a stream of items, one JSON line
// each, or with the bytes of a file. The operations are defined elsewhere, and this package must not
// depend on them. A Server and a Client are safe for concurrent use.
package control

import "encoding/json"

// SocketName is the name of the socket in the data directory.
const SocketName = ".control.sock"

// line is one line of a stream. The last one has Done or Error, the others have Item.
type line struct {
	Item  json.RawMessage `json:"item,omitempty"`
	Error string          `json:"error,omitempty"`
	Done  bool            `json:"done,omitempty"`
}
