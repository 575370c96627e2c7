package gateway

import (
	"net/http"
	"strings"
)

// routeKind says how the gateway treats a request.
type routeKind int

const (
	// routeClosed is everything not named below. A list of what is open, rather
	// than of what is closed, keeps a route that a later PocketBase adds shut: the
	// SQL console, backups, settings, crons, changes of the schema and every other
	// way to sign in are for nobody in a user database.
	routeClosed        routeKind = iota
	routeAnyone                  // whoever may enter: what they see is for PocketBase to say
	routeFile                    // GET of a file; may carry a file token in its query
	routeOwner                   // for the owner only
	routeExport                  // GET of everything, for the owner only; may carry an export token in its query
	routeSubscribe               // POST that sets the subscriptions of a stream
	routeStream                  // GET that opens a stream; the SDK sends no session with it
	routeSuperuser               // reads that are for superusers only
	routeSuperuserAuth           // how a superuser signs in: to the global database
)

// openTo reports whether a visitor may use routes of this kind.
func (k routeKind) openTo(v visitor) bool {
	switch k {
	case routeAnyone, routeFile, routeSubscribe:
		return true
	case routeOwner, routeExport:
		return v.superuser == nil
	case routeSuperuser:
		return v.superuser != nil
	default:
		return false
	}
}

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
			return routeAnyone
		}
	case "batch":
		if posts && len(parts) == 1 {
			return routeAnyone
		}
	case "health", "usage":
		if reads && len(parts) == 1 {
			return routeAnyone
		}
	case "export":
		switch {
		case len(parts) != 1:
		case method == http.MethodGet: // a HEAD would make the archive for nothing
			return routeExport
		case posts:
			return routeOwner
		}
	case "settings":
		if reads && len(parts) == 1 {
			return routeSuperuser
		}
	case "logs":
		if reads && len(parts) <= 2 {
			return routeSuperuser
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

// collectionRoute opens {collection}/records and {collection}/records/{id} to
// everybody, and to superusers the schema and PocketBase's own collections, to
// read. Who is a superuser is kept in the global database.
func collectionRoute(method string, reads bool, parts []string) routeKind {
	system := len(parts) > 0 && strings.HasPrefix(parts[0], "_")
	switch {
	case len(parts) == 2 && parts[0] == "_superusers" && isSuperuserAuth(method, parts[1]):
		return routeSuperuserAuth
	case len(parts) > 1 && parts[0] == "_superusers":
		return routeClosed
	case len(parts) <= 1 && reads, len(parts) == 2 && parts[0] == "meta" && reads:
		return routeSuperuser
	case len(parts) < 2 || parts[1] != "records":
		return routeClosed
	case system && reads && len(parts) <= 3:
		return routeSuperuser
	case system:
		return routeClosed
	case len(parts) == 2 && (reads || method == http.MethodPost):
		return routeAnyone
	case len(parts) == 3 && (reads || method == http.MethodPatch || method == http.MethodDelete):
		return routeAnyone
	}
	return routeClosed
}

func isSuperuserAuth(method, action string) bool {
	switch action {
	case "auth-methods":
		return method == http.MethodGet
	case "auth-with-password", "auth-with-otp", "auth-with-oauth2", "auth-refresh", "request-otp",
		"request-password-reset", "confirm-password-reset":
		return method == http.MethodPost
	}
	return false
}
