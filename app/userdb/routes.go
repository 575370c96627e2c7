package userdb

import (
	"net/http"
	"strings"
)

// routeKind says how the gateway treats a request.
type routeKind int

const (
	// routeClosed is everything not named below. A list of what is open, rather
	// than of what is closed, keeps a route that a later PocketBase adds shut:
	// the SQL console, backups, settings, logs, crons and every way to sign in
	// are not for the owner of a user database.
	routeClosed routeKind = iota
	routeRecords
	routeFile      // GET of a file; may carry a file token in its query
	routeSubscribe // POST that sets the subscriptions of a stream
	routeStream    // GET that opens a stream; the SDK sends no session with it
)

// routeOf classifies a request by method and path within the database, such as
// /api/collections/meetings/records.
func routeOf(method, tail string) routeKind {
	parts := strings.Split(strings.Trim(tail, "/"), "/")
	if len(parts) < 2 || parts[0] != "api" {
		return routeClosed
	}
	reads := method == http.MethodGet || method == http.MethodHead
	posts := method == http.MethodPost
	switch parts = parts[1:]; parts[0] {
	case "collections":
		return collectionRoute(method, reads, parts[1:])
	case "files":
		if reads && len(parts) == 4 {
			return routeFile
		}
		if posts && len(parts) == 2 && parts[1] == "token" {
			return routeRecords
		}
	case "batch":
		if posts && len(parts) == 1 {
			return routeRecords
		}
	case "health":
		if reads && len(parts) == 1 {
			return routeRecords
		}
	case "realtime":
		switch {
		case len(parts) != 1:
		case method == http.MethodGet:
			return routeStream
		case posts:
			return routeSubscribe
		}
	}
	return routeClosed
}

// collectionRoute opens {collection}/records and {collection}/records/{id}.
// System collections are closed as a whole.
func collectionRoute(method string, reads bool, parts []string) routeKind {
	if len(parts) < 2 || parts[1] != "records" || strings.HasPrefix(parts[0], "_") {
		return routeClosed
	}
	switch {
	case len(parts) == 2 && (reads || method == http.MethodPost):
		return routeRecords
	case len(parts) == 3 && (reads || method == http.MethodPatch || method == http.MethodDelete):
		return routeRecords
	}
	return routeClosed
}
