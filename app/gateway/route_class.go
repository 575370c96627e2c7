package gateway

import (
	"net/http"
	"strings"
)

// routeClass determines who may use a route and how the gateway treats it.
type routeClass int

const (
	// routeForbidden is every route that isn't listed below. Because allowed routes are listed,
	// rather than forbidden ones, a route that a later PocketBase adds is closed. Nobody can use
	// the SQL console, backups, crons, changes to settings and the schema, or any other way to sign
	// in through a user database.
	routeForbidden     routeClass = iota
	routeShared                   // owner and superusers; PocketBase's rules decide what they see
	routeFile                     // GET of a file or a poster; the query may carry a file token
	routeOwner                    // owner only
	routeExport                   // GET of the export, owner only; the query may carry an export token
	routeBundle                   // GET of a bundle, owner only; the query may carry a bundle token
	routeSubscribe                // POST that sets the subscriptions of a stream
	routeStream                   // GET that opens a stream; the SDK sends no session with it
	routeSuperuser                // reads for superusers only
	routeSuperuserAuth            // sign-in of a superuser, which the global database handles
)

// allows reports whether a principal may use routes of this class.
func (c routeClass) allows(p principal) bool {
	switch c {
	case routeShared, routeFile, routeSubscribe:
		return true
	case routeOwner, routeExport, routeBundle:
		return !p.isSuperuser()
	case routeSuperuser:
		return p.isSuperuser()
	default:
		return false
	}
}

// classify returns the class of a route, by method and path within the database, such as
// /api/collections/meetings/records.
func classify(method, subpath string) routeClass {
	parts := strings.Split(strings.Trim(subpath, "/"), "/")
	if len(parts) < 2 || parts[0] != "api" {
		return routeForbidden
	}
	isRead := method == http.MethodGet || method == http.MethodHead
	isPost := method == http.MethodPost
	switch parts = parts[1:]; parts[0] {
	case "collections":
		return classifyCollection(method, isRead, parts[1:])
	case "files":
		if isRead && len(parts) == 4 {
			return routeFile
		}
		if isPost && len(parts) == 2 && parts[1] == "token" {
			return routeShared
		}
	case "batch":
		if isPost && len(parts) == 1 {
			return routeShared
		}
	case "health":
		if isRead && len(parts) == 1 {
			return routeShared
		}
	case "usage":
		if isRead && (len(parts) == 1 || len(parts) == 2 && parts[1] == "meetings") {
			return routeShared
		}
	case "fathom-webhook":
		if isRead && len(parts) == 1 {
			return routeShared
		}
	case "export":
		switch {
		case len(parts) != 1:
		case method == http.MethodGet: // not HEAD, which would build an archive for nothing
			return routeExport
		case isPost:
			return routeOwner
		}
	case "bundles":
		switch {
		case len(parts) != 1:
		case method == http.MethodGet:
			return routeBundle
		case isPost:
			return routeOwner
		}
	case "search", "library":
		if method == http.MethodGet && len(parts) == 1 {
			return routeOwner
		}
	case "meetings":
		return classifyMeeting(method, isRead, parts[1:])
	case "share-links", "transfers":
		if isPost && len(parts) == 1 {
			return routeOwner
		}
	case "loom":
		isCheck := len(parts) == 2 && (parts[1] == "check" || parts[1] == "sign-in")
		isCompletion := len(parts) == 3 && parts[1] == "sign-in" && parts[2] == "complete"
		isFolders := len(parts) == 2 && parts[1] == "folders" && method == http.MethodGet // not HEAD, which would ask Atlassian for nothing
		if isPost && (isCheck || isCompletion) || isFolders {
			return routeOwner
		}
	case "rules":
		if isPost && len(parts) == 2 && parts[1] == "test" {
			return routeOwner
		}
	case "settings":
		if isRead && len(parts) == 1 {
			return routeSuperuser
		}
	case "logs":
		if isRead && len(parts) <= 2 {
			return routeSuperuser
		}
	case "realtime":
		switch {
		case len(parts) != 1:
		case method == http.MethodGet:
			return routeStream
		case isPost:
			return routeSubscribe
		}
	}
	return routeForbidden
}

// classifyMeeting classifies a route below /api/meetings/, which isn't one of PocketBase's.
func classifyMeeting(method string, isRead bool, parts []string) routeClass {
	if len(parts) != 2 {
		return routeForbidden
	}
	switch part := parts[1]; {
	case isRead && part == "poster":
		return routeFile
	case isRead && (part == "chapters" || part == "chapters.vtt" || part == "captions.vtt"), method == http.MethodPut && part == "poster":
		return routeOwner
	}
	return routeForbidden
}

// classifyCollection classifies a route below /api/collections/. Records of a collection are
// shared, except that only superusers read PocketBase's own collections and the schema. The global
// database knows the superusers, so those of a user database can't be read at all.
func classifyCollection(method string, isRead bool, parts []string) routeClass {
	isSystem := len(parts) > 0 && strings.HasPrefix(parts[0], "_")
	switch {
	case len(parts) == 2 && parts[0] == "_superusers" && isSuperuserAuth(method, parts[1]):
		return routeSuperuserAuth
	case len(parts) > 1 && parts[0] == "_superusers":
		return routeForbidden
	case len(parts) <= 1 && isRead, len(parts) == 2 && parts[0] == "meta" && isRead:
		return routeSuperuser
	case len(parts) < 2 || parts[1] != "records":
		return routeForbidden
	case isSystem && isRead && len(parts) <= 3:
		return routeSuperuser
	case isSystem:
		return routeForbidden
	case len(parts) == 2 && (isRead || method == http.MethodPost):
		return routeShared
	case len(parts) == 3 && (isRead || method == http.MethodPatch || method == http.MethodDelete):
		return routeShared
	}
	return routeForbidden
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
