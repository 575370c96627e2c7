package loomupload

import (
	"slices"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

// siteOf returns the site that an account has named or that is the only one of it, preferring one with Loom's scopes. ok
// is false if the person has to choose.
func siteOf(sites []atlassian.Site, wanted string) (atlassian.Site, bool) {
	if wanted != "" {
		for _, site := range sites {
			if isSite(site, wanted) {
				return site, true
			}
		}
		return atlassian.Site{}, false
	}
	if len(sites) == 1 {
		return sites[0], true
	}
	var found []atlassian.Site
	for _, site := range sites {
		if hasLoomScope(site) {
			found = append(found, site)
		}
	}
	if len(found) == 1 {
		return found[0], true
	}
	return atlassian.Site{}, false
}

// isSite reports whether a site is the one that a person means by an id, a name or an address.
func isSite(site atlassian.Site, wanted string) bool {
	host := hostOf(wanted)
	return wanted == site.ID ||
		host != "" && slices.Contains([]string{hostOf(site.URL), firstLabel(hostOf(site.URL)), strings.ToLower(site.Name)}, host)
}

// hostOf returns the host of an address that people enter with or without scheme and path, such as example.atlassian.net.
func hostOf(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	address, _, _ = strings.Cut(address, "/")
	return strings.TrimSuffix(address, ".")
}

// firstLabel returns what comes before the first dot of a host.
func firstLabel(host string) string {
	label, _, _ := strings.Cut(host, ".")
	return label
}

func hasLoomScope(site atlassian.Site) bool {
	return slices.ContainsFunc(site.Scopes, func(scope string) bool { return strings.Contains(scope, "loom") })
}

// callSite returns what calls name a site by that was entered and can't be looked up: an id, or an https address.
func callSite(entered string) string {
	if host := hostOf(entered); strings.Contains(host, ".") {
		return "https://" + host
	}
	return strings.TrimSpace(entered)
}
