package outbound

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"
)

// Network describes how this server reaches others. The zero value connects directly.
type Network struct {
	// Proxy is the HTTP proxy for https requests, perhaps with credentials; nil means none. Plain http is only
	// configured for hosts nearby, such as a simulator, and never uses it.
	Proxy *url.URL

	// NoProxy lists the hosts that are reached directly, in the format of the NO_PROXY variable. Local host names and
	// loopback addresses always are.
	NoProxy string

	// ProxyHosts are names that a [Guard] lets the proxy connect to although this server can't resolve them.
	// *.example.com means all names below example.com.
	ProxyHosts []string

	// PrivateRanges are private and special addresses to which a [Guard] allows connections. Link-local addresses and
	// metadata services are never allowed.
	PrivateRanges []netip.Prefix

	// Lookup resolves a name before the proxy connects to it. The default, nil, uses the system's resolver.
	Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Transport returns a transport for many requests to few hosts. Unlike http.DefaultTransport it ignores the proxy
// variables of the environment.
func (n Network) Transport() *http.Transport {
	transport := &http.Transport{
		DialContext:           NewDialer().DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          32,
		MaxIdleConnsPerHost:   8,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
	n.useProxy(transport)
	return transport
}

// ConfigureDefault makes http.DefaultTransport use this network instead of the environment, for libraries that offer no
// other choice: PocketBase's sign-in with other services and its own S3 client. Call it once, before any request.
func (n Network) ConfigureDefault() {
	if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		n.useProxy(transport)
	}
}

// useProxy makes a transport send requests through the proxy, if there is one, unless NoProxy excludes their host.
func (n Network) useProxy(transport *http.Transport) {
	transport.Proxy = nil
	if proxyOf := n.proxyFunc(); proxyOf != nil {
		transport.Proxy = func(req *http.Request) (*url.URL, error) { return proxyOf(req.URL) }
		transport.OnProxyConnectResponse = checkConnectResponse
	}
}

// proxyFunc returns a function that returns the proxy for a URL, or nil for a direct connection. The function itself is
// nil if there is no proxy.
func (n Network) proxyFunc() func(*url.URL) (*url.URL, error) {
	if n.Proxy == nil {
		return nil
	}
	cfg := httpproxy.Config{HTTPSProxy: n.Proxy.String(), NoProxy: n.NoProxy}
	return cfg.ProxyFunc()
}

func (n Network) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if n.Lookup != nil {
		return n.Lookup(ctx, "ip", host)
	}
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// isProxyHost reports whether ProxyHosts contains a name.
func (n Network) isProxyHost(host string) bool {
	host = canonicalName(host)
	for _, listed := range n.ProxyHosts {
		listed = canonicalName(listed)
		if parent, ok := strings.CutPrefix(listed, "*"); ok && len(host) > len(parent) && strings.HasSuffix(host, parent) || host == listed {
			return true
		}
	}
	return false
}

func canonicalName(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }
