// Package outbound contains the code that the clients of other services share: validation of base URLs,
// the HTTP transport and the proxy it uses, the redirect policy, and reading of bodies and Retry-After headers. Its
// [Guard] checks addresses that another party chose.
//
// Every function is safe for concurrent use. The package must not know any particular service, read the
// environment, or put a URL into an error: a base URL may hold credentials, and a file URL may be one.
package outbound

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// UserAgent is the default User-Agent header.
	UserAgent = "fathom-to-loom"

	// MaxRedirects is the number of redirects that one request may follow.
	MaxRedirects = 3
)

var (
	errNoBaseURL    = errors.New("not an absolute http or https URL")
	errBaseURLParts = errors.New("credentials, query and fragment are not allowed")
	errFailed       = errors.New("request failed") // the actual one quotes a URL
)

// ParseBaseURL parses the root of a service's API, an absolute http or https URL without credentials,
// query or fragment. It removes surrounding spaces and trailing slashes. Its errors don't repeat the
// value, which may hold credentials.
func ParseBaseURL(raw string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimRight(strings.TrimSpace(raw), "/"))
	if err != nil || base.Hostname() == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, errNoBaseURL
	}
	if base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, errBaseURLParts
	}
	return base, nil
}

// NewDialer returns a dialer like that of [Network.Transport], for callers that add a check of their own.
func NewDialer() *net.Dialer {
	return &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
}

// SameOriginOnly is an http.Client.CheckRedirect that follows at most MaxRedirects redirects of a GET,
// all within the origin of the first request; the client returns any other redirect as the response.
// net/http removes well-known credentials when the host changes, but keeps headers such as X-Api-Key. It
// also turns a redirected POST into a GET.
func SameOriginOnly(req *http.Request, via []*http.Request) error {
	first := via[0]
	if len(via) > MaxRedirects || first.Method != http.MethodGet ||
		req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}

// WithoutURL removes the URL that net/http adds to an error. It replaces a cause that itself quotes a URL,
// such as the error about a malformed Location header. If there is no connection to the proxy, it returns a
// [*ProxyError].
func WithoutURL(err error) error {
	for {
		wrapped, ok := errors.AsType[*url.Error](err)
		if !ok {
			break
		}
		err = wrapped.Err
	}
	// This is how net/http marks the errors of connections to a proxy.
	if failed, ok := errors.AsType[*net.OpError](err); ok && failed.Op == "proxyconnect" {
		err = &ProxyError{cause: failed.Err}
	}
	if err != nil && (strings.Contains(err.Error(), "://") || strings.Contains(err.Error(), "Location")) {
		return errFailed
	}
	return err
}

// WithoutPartsOf is WithoutURL for a signed URL: it also replaces an error that quotes the path or query of the URL.
func WithoutPartsOf(err error, raw string) error {
	err = WithoutURL(err)
	if u, _ := url.Parse(raw); u != nil && (quotes(err, u.Path) || quotes(err, u.RawQuery)) {
		return errFailed
	}
	return err
}

func quotes(err error, part string) bool {
	return err != nil && len(part) > 1 && strings.Contains(err.Error(), part)
}
