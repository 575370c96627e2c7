package loomupload

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// DefaultHosts are the hosts that files may be sent to unless Config names others: those that Atlassian documents for
// attachments, and those that Loom is likely to use.
var DefaultHosts = []string{"api.media.atlassian.com", "*.frontend.public.atl-paas.net", "*.loom.com", "*.amazonaws.com"}

const maxAddress = 8 << 10 // bytes

// parseAddress parses an address for the file. Its errors don't repeat the address.
func parseAddress(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if len(raw) > maxAddress || err != nil || u.Hostname() == "" || u.User != nil || u.Opaque != "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, contractProblem("Atlassian's answer has an address for the file that can't be used.")
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// checkHost refuses an address that the file must not be sent to: one that isn't https, or whose host is not allowed. http
// is possible at loopback addresses, for a simulator.
func (u *Uploads) checkHost(target *url.URL) error {
	host := strings.ToLower(strings.TrimSuffix(target.Hostname(), "."))
	if target.Scheme != "https" && !(u.allowHTTP && isLoopback(host)) {
		return hostProblem("Atlassian wants the file to be sent without encryption.")
	}
	port := target.Port()
	if port == "443" && target.Scheme == "https" {
		port = ""
	}
	for _, allowed := range u.hosts {
		if matchesHost(allowed, host, port) {
			return nil
		}
	}
	name := host
	if port != "" {
		name += ":" + port
	}
	return &Problem{
		Kind: KindHost, Message: fmt.Sprintf("Atlassian wants the file to be sent to %s, which is not among the allowed hosts.", sanitize.Truncate(name, 300)),
		Advice: handOverAdvice + " If this host is right, the operator of this server can allow it with ATLASSIAN_MCP_UPLOAD_HOSTS.", Link: loomPage,
	}
}

// matchesHost reports whether a host is the allowed one, or below it if that is written as *.example.com. Any port of a
// host is allowed only if it is listed as host:*.
func matchesHost(allowed, host, port string) bool {
	allowed = strings.ToLower(strings.TrimSpace(allowed))
	wantedPort := ""
	if i := strings.LastIndexByte(allowed, ':'); i >= 0 && !strings.HasSuffix(allowed, "]") && (strings.Count(allowed, ":") == 1 || allowed[i-1] == ']') {
		allowed, wantedPort = allowed[:i], allowed[i+1:]
	}
	if wantedPort != port && wantedPort != "*" {
		return false
	}
	allowed = strings.Trim(strings.TrimSuffix(allowed, "."), "[]")
	if parent, ok := strings.CutPrefix(allowed, "*."); ok {
		return parent != "" && strings.HasSuffix(host, "."+parent)
	}
	return allowed != "" && allowed == host
}

func isLoopback(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

func hostProblem(message string) *Problem {
	return &Problem{Kind: KindHost, Message: message, Advice: handOverAdvice, Link: loomPage}
}
