package outbound

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// lookupTimeout limits the resolution of a name.
const lookupTimeout = 5 * time.Second

// Guard keeps requests to addresses that another party chose away from the operator's own network. Such an address could
// otherwise make this server read a cloud metadata service or a neighbour's database. It is safe for concurrent use.
//
// Addresses are checked when dialing, after name resolution, so a name that resolves differently between check and use
// changes nothing. A proxy resolves names itself; there, the guard resolves each name first and requires that all of its
// addresses are allowed. A name that changes its address between these two look-ups is left to the proxy.
type Guard struct {
	network Network
	proxyOf func(*url.URL) (*url.URL, error) // nil: no proxy
	base    *url.URL

	basePrivate atomic.Pointer[bool] // the answer of isBasePrivate; nil until it is known
}

// NewGuard returns a guard for the addresses that an API sends. If the API itself is on a private or loopback address,
// as the simulator is, other private hosts are allowed, and so are http URLs if its own is one. base is the root of the
// API, or nil for addresses that must be on the Internet.
func NewGuard(network Network, base *url.URL) *Guard {
	if base == nil {
		base = &url.URL{}
	}
	return &Guard{network: network, proxyOf: network.proxyFunc(), base: base}
}

// Dialer returns a dialer that connects directly and refuses forbidden addresses, with a [*Refusal] in the error's
// chain.
func (g *Guard) Dialer() *net.Dialer {
	dialer := NewDialer()
	dialer.ControlContext = g.checkDial
	return dialer
}

// Transport returns a guarded variant of a transport, for which rt is cloned if it is an *http.Transport. Any other type
// is returned unchanged, so that only CheckURL and CheckRedirect protect its requests. The errors of refused requests
// have a [*Refusal] in their chain.
func (g *Guard) Transport(rt http.RoundTripper) http.RoundTripper {
	plain, ok := rt.(*http.Transport)
	if !ok {
		return rt
	}
	direct := plain.Clone()
	direct.Proxy = nil // the dialer would check the address of the proxy instead of the host's
	direct.DialContext = g.Dialer().DialContext
	direct.DialTLSContext = nil
	if g.proxyOf == nil {
		return direct
	}
	proxied := plain.Clone()
	proxied.Proxy = http.ProxyURL(g.network.Proxy)
	proxied.OnProxyConnectResponse = checkConnectResponse
	proxied.DialTLSContext = nil
	return &guardedTransport{guard: g, direct: direct, proxied: proxied}
}

// CheckURL refuses a URL that can't be that of a file or service on the Internet. Its error is a [*Refusal]. It checks
// an IP address in the URL, but leaves names to Transport.
func (g *Guard) CheckURL(ctx context.Context, raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return &Refusal{Reason: ReasonURL}
	}
	return g.checkTarget(ctx, u)
}

// CheckRedirect is an http.Client.CheckRedirect that follows at most MaxRedirects redirects, never to http from https,
// and checks each target like CheckURL.
func (g *Guard) CheckRedirect(req *http.Request, via []*http.Request) error {
	req.Header.Del("Referer") // net/http puts the URL there, which may be signed
	if len(via) > MaxRedirects {
		return &Refusal{Reason: ReasonRedirects}
	}
	if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return &Refusal{Reason: ReasonInsecure}
	}
	return g.checkTarget(req.Context(), req.URL)
}

func (g *Guard) checkTarget(ctx context.Context, u *url.URL) error {
	if u.Hostname() == "" || u.User != nil {
		return &Refusal{Reason: ReasonURL}
	}
	if u.Scheme != "https" && (u.Scheme != "http" || g.base.Scheme != "http") {
		return &Refusal{Reason: ReasonInsecure}
	}
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil {
		return g.checkAddr(ctx, "", addr)
	}
	return nil // Transport checks the addresses of a name
}

// checkDial is a net.Dialer.ControlContext.
func (g *Guard) checkDial(ctx context.Context, _, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return &Refusal{Reason: ReasonForbidden}
	}
	return g.checkAddr(ctx, "", target.Addr())
}

// checkProxied checks a host before the proxy connects to it.
func (g *Guard) checkProxied(ctx context.Context, host string) error {
	if addr, err := netip.ParseAddr(host); err == nil {
		return g.checkAddr(ctx, "", addr)
	}
	looking, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	addrs, err := g.network.lookup(looking, host)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil || len(addrs) == 0 {
		if g.network.isProxyHost(host) {
			return nil
		}
		return &Refusal{Reason: ReasonUnresolvable, Host: host, Temporary: err != nil && !isNotFound(err)}
	}
	for _, addr := range addrs { // the proxy may choose any of them
		if err := g.checkAddr(ctx, host, addr); err != nil {
			return err
		}
	}
	return nil
}

func isNotFound(err error) bool {
	failure, ok := errors.AsType[*net.DNSError](err)
	return ok && failure.IsNotFound
}

func (g *Guard) checkAddr(ctx context.Context, host string, addr netip.Addr) error {
	addr = unwrap(addr)
	refusal := &Refusal{Reason: ReasonPrivate, Host: host, Address: addr}
	switch class := classify(addr); {
	case class == rangePublic, class == rangePrivate && g.isBasePrivate(ctx):
		return nil
	case class == rangeForbidden:
		refusal.Reason = ReasonForbidden
	case containedIn(g.network.PrivateRanges, addr):
		return nil
	}
	return refusal
}

// isBasePrivate reports whether the API itself is on a private or loopback address, as the simulator
// is; then its files may be there too. A name is private when all of its addresses are.
//
// The answer is cached, but a failed lookup is not. No lock is held during the lookup: concurrent
// first calls each resolve the name, and net.Resolver merges their queries.
func (g *Guard) isBasePrivate(ctx context.Context) bool {
	if known := g.basePrivate.Load(); known != nil {
		return *known
	}
	private, err := g.resolveBase(ctx)
	if err != nil {
		return false
	}
	g.basePrivate.Store(&private)
	return private
}

func (g *Guard) resolveBase(ctx context.Context) (private bool, err error) {
	host := canonicalName(g.base.Hostname())
	if addr, err := netip.ParseAddr(host); err == nil {
		return classify(unwrap(addr)) == rangePrivate, nil
	}
	switch {
	case host == "":
		return false, nil
	case host == "localhost" || strings.HasSuffix(host, ".localhost"):
		return true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	addrs, err := g.network.lookup(ctx, host)
	if err != nil {
		return false, err
	}
	private = len(addrs) > 0
	for _, addr := range addrs {
		private = private && classify(unwrap(addr)) == rangePrivate
	}
	return private, nil
}

// guardedTransport checks the hosts of requests that go through a proxy. The dialer of direct connections does that
// itself.
type guardedTransport struct {
	guard           *Guard
	direct, proxied *http.Transport
}

// RoundTrip implements http.RoundTripper. An http.Client calls it for each redirect, too.
func (t *guardedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	proxy, err := t.guard.proxyOf(req.URL)
	if err == nil && proxy == nil {
		return t.direct.RoundTrip(req)
	}
	if err == nil {
		err = t.guard.checkProxied(req.Context(), req.URL.Hostname())
	}
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // as the interface requires
		}
		return nil, err
	}
	return t.proxied.RoundTrip(req)
}

// CloseIdleConnections implements the interface that http.Client.CloseIdleConnections uses.
func (t *guardedTransport) CloseIdleConnections() {
	t.direct.CloseIdleConnections()
	t.proxied.CloseIdleConnections()
}
