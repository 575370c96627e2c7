// Package pb_public embeds the web app, so that the binary serves it without any other file. The
// package only holds data: it is safe for concurrent use, and it must not contain server code.
package pb_public //nolint:revive,staticcheck // the folder's name is PocketBase's convention

import "embed"

// Files is the web app, with index.html at its root. The list is explicit, because the folder also
// holds tests and configuration that must not be served.
//
//go:embed index.html app.css favicon.svg src vendor
var Files embed.FS
