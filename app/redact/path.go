package redact

import (
	"net/url"
	"slices"
	"strings"
)

// secretPaths are the prefixes of paths that are permissions: whoever knows the rest may make the call.
var secretPaths = []string{"/api/fathom/", "/api/unsubscribe/", "/s/"}

// Path returns a path for logs. Text replaces what follows one of secretPaths, and API tokens.
func Path(path string) string {
	for _, prefix := range secretPaths {
		if before, rest, found := strings.Cut(path, prefix); found && rest != "" {
			return before + prefix + Text
		}
	}
	return withoutTokens(path)
}

// secretParameters are the parameters of queries that are permissions: token for files, backups and mail, code for the
// end of a sign-in elsewhere.
var secretParameters = []string{"token", "code"}

// URL returns the path and the query of a URL for logs: the path as Path returns it, and the query without
// secretParameters. A path with a secret has no query.
func URL(u *url.URL) string {
	if path := Path(u.Path); path != u.Path {
		return path
	}
	query := u.Query()
	if !slices.ContainsFunc(secretParameters, query.Has) {
		return withoutTokens(u.RequestURI())
	}
	for _, name := range secretParameters {
		query.Del(name)
	}
	return withoutTokens(u.EscapedPath() + "?" + query.Encode())
}

// Referer returns the value of a Referer header for logs, which may be the URL of a page with a secret.
func Referer(value string) string {
	u, err := url.Parse(value)
	if err != nil {
		return Text
	}
	if value == "" || u.RequestURI() == URL(u) {
		return value
	}
	return URL(u)
}
