package authserver

import (
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const (
	maxRedirects   = 10
	maxRedirectURI = 500 // bytes
)

var (
	// uriText is what RFC 3986 allows in a URI. Browsers and this server would understand other characters differently.
	uriText = regexp.MustCompile(`^[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+$`)

	errRedirectURI = errors.New("redirect_uris must be https URLs, or http URLs of this computer, without user and fragment")
)

// responseParameters are the parameters that a response adds to a redirect URI, which must not have them already.
var responseParameters = []string{"code", "state", "iss", "error", "error_description", "error_uri"}

// checkRedirectURI returns errRedirectURI unless codes may be sent to a URI: to a server over https, or to a program on
// the person's computer.
func checkRedirectURI(raw string) error {
	u, err := parseURI(raw, maxRedirectURI)
	if err != nil || u.User != nil || strings.Contains(raw, "#") || u.Scheme != "https" && !isLocal(u) {
		return errRedirectURI
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil || slices.ContainsFunc(responseParameters, query.Has) {
		return errRedirectURI
	}
	return nil
}

// parseURI parses an absolute URI with a host.
func parseURI(raw string, limit int) (*url.URL, error) {
	if len(raw) > limit || !uriText.MatchString(raw) {
		return nil, errRedirectURI
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.Opaque != "" {
		return nil, errRedirectURI
	}
	return u, nil
}

// isLocal reports whether a URL leads to a program on the computer of whoever opens it. Anybody can write one.
func isLocal(u *url.URL) bool {
	if u.Scheme != "http" {
		return false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && addr.IsLoopback()
}

// matchRedirectURI returns whether a client has registered a URI. It must be equal to one of them, except for the port on
// the person's computer, which a program chooses when it starts (RFC 8252, section 7.3).
func matchRedirectURI(registered []string, raw string) bool {
	if checkRedirectURI(raw) != nil {
		return false
	}
	return slices.ContainsFunc(registered, func(known string) bool {
		return withoutLocalPort(known) == withoutLocalPort(raw)
	})
}

// withoutLocalPort returns a URI that leads to a program on the person's computer without its port, and others unchanged.
func withoutLocalPort(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || !isLocal(u) {
		return raw
	}
	scheme, rest, _ := strings.Cut(raw, "://")
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	return scheme + "://" + strings.TrimSuffix(rest[:end], ":"+u.Port()) + rest[end:]
}
