package hooks

import (
	"net/http"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
)

// frameOptions lets only pages of this server embed a response.
const frameOptions = "SAMEORIGIN"

// secured wraps the server's handler, and that of the ports of user databases. It sets the headers that protect every
// response; handlers add a Content-Security-Policy, and may replace others. https is whether the server's public URL is.
func secured(https bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", frameOptions)
		header.Set("Referrer-Policy", "no-referrer") // addresses contain tokens
		header.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		if https {
			header.Set("Strict-Transport-Security", "max-age=31536000") // other hosts of the domain may have no certificate
		}
		if !endsSignIn(r.URL.Path) {
			header.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
		}
		if isAPI(r.URL.Path) {
			header.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// endsSignIn reports whether a path is one to which the pop-up window of a sign-in with OAuth2 returns: PocketBase's
// redirect, and the page of its admin UI that closes the window. With a policy of its own, the window would lose its
// opener, which would take it for closed.
func endsSignIn(path string) bool {
	return path == "/api/oauth2-redirect" || path == "/_" || strings.HasPrefix(path, "/_/")
}

// isAPI reports whether a path is one of the API, of this server or a user database, whose responses no cache may keep.
// Files say themselves how long they are valid.
func isAPI(path string) bool {
	if inDatabase, ok := strings.CutPrefix(path, gateway.PathPrefix); ok {
		_, rest, _ := strings.Cut(inDatabase, "/")
		path = "/" + rest
	}
	return path == assistantsPath || strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/api/files/")
}
