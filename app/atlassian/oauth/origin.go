package oauth

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

var (
	errNotURL      = errors.New("not an absolute URL")
	errURLParts    = errors.New("URL contains credentials or a fragment")
	errInsecure    = errors.New("URL is not https")
	errForeignHost = errors.New("URL belongs to another site than the MCP server")
)

// parseSecure parses a URL that must be https, or http at a loopback address. Its errors don't repeat the URL.
func parseSecure(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil, u.Hostname() == "", u.Scheme != "https" && u.Scheme != "http":
		return nil, errNotURL
	case u.User != nil, u.Fragment != "":
		return nil, errURLParts
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errInsecure
	}
	return u, nil
}

func isLoopback(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().IsLoopback()
	}
	host = canonicalHost(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

func canonicalHost(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

// parseTrusted parses a URL from metadata. It must be secure, and belong to the same site as the MCP server: metadata
// must not make this server send secrets or requests to any other host.
func (c *Client) parseTrusted(raw string) (*url.URL, error) {
	u, err := parseSecure(raw)
	if err != nil {
		return nil, err
	}
	if !isSameSite(c.resource.Hostname(), u.Hostname()) {
		return nil, errForeignHost
	}
	return u, nil
}

// isSameSite reports whether two hosts are equal or share a registrable domain, as mcp.atlassian.com and
// auth.atlassian.com do.
func isSameSite(a, b string) bool {
	a, b = canonicalHost(a), canonicalHost(b)
	if a == b {
		return true
	}
	if isAddress(a) || isAddress(b) || isLoopback(a) || isLoopback(b) {
		return false
	}
	siteA, errA := publicsuffix.EffectiveTLDPlusOne(a)
	siteB, errB := publicsuffix.EffectiveTLDPlusOne(b)
	return errA == nil && errB == nil && siteA == siteB
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
