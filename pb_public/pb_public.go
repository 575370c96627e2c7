// Package pb_public embeds the web app in the binary. It contains only data, so it is safe for concurrent
// use, and it must not contain server code.
package pb_public //nolint:revive,staticcheck // the folder's name is PocketBase's convention

import "embed"

// Files contains the web app, with index.html at its root. The files are listed explicitly, because the
// folder also contains tests and configuration, which must not be served.
//
//go:embed index.html app.css favicon.svg src vendor
var Files embed.FS
