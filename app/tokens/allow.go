package tokens

import (
	"net/http"
	"strings"
)

// Route is a request that tokens with a scope may make.
type Route struct {
	Method string // GET includes HEAD
	Path   string // such as /api/files/*/*/*; * stands for one segment that isn't empty
	Scope  Scope
	// Assistants says that the tokens of grants may use the route, too.
	Assistants bool
}

// AllowList holds everything that tokens may be used for. Requests that it doesn't contain are refused, so that a new
// route is closed until somebody decides otherwise.
type AllowList []Route

// Check returns nil if a token may be used for a request with a method and a decoded path. Otherwise it returns
// ErrForbidden, ErrConfined if the tokens that users create may, or a *ScopeError if other tokens may.
func (l AllowList) Check(token *Token, method, path string) error {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for _, route := range l {
		if route.Method != method || !route.matches(path) {
			continue
		}
		if token.Client != "" && !route.Assistants {
			return ErrConfined
		}
		if !token.Has(route.Scope) {
			return &ScopeError{Needed: route.Scope}
		}
		return nil
	}
	return ErrForbidden
}

// matches compares segments exactly. A path that another path cleans up to, or an encoded slash, matches nothing.
func (r Route) matches(path string) bool {
	pattern, segments := strings.Split(r.Path, "/"), strings.Split(path, "/")
	if len(pattern) != len(segments) {
		return false
	}
	for i, segment := range segments {
		isAny := pattern[i] == "*" && segment != "" && segment != "." && segment != ".."
		if pattern[i] != segment && !isAny {
			return false
		}
	}
	return true
}
