// Package pb_public holds the web app: static files that the server carries
// inside its binary.
package pb_public //nolint:revive,staticcheck // the folder's name is PocketBase's convention

import "embed"

// Files are the web app, with index.html at the root.
//
//go:embed all:*
var Files embed.FS
