// Package pb_public embeds the web app in the binary. It contains only data, so it is safe for concurrent
// use, and it must not contain server code.
package pb_public //nolint:revive,staticcheck // the folder's name is PocketBase's convention

import "embed"

// Files contains the bundle of the web app, with its page at dist/index.html, and what the server's other pages load. The
// bundle is made from src, vendor and app.css by make bundle. The files are listed explicitly, because the folder also contains
// sources and tests, which must not be served.
//
//go:embed dist app.css favicon.svg favicon-busy.svg share vendor/LICENSE-*.txt
var Files embed.FS
