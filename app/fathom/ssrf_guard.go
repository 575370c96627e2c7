package fathom

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The reasons to refuse a file host. They name no URL.
var (
	errBadFileURL    = errors.New("file URL is unusable")
	errInsecure      = errors.New("file URL is not https")
	errInnerAddress  = errors.New("file host is on a private or special address")
	errManyRedirects = errors.New("file host redirects too often")
)

// guard keeps file transfers out of the operator's own network. File URLs come
// from another party, so without it whoever controls one could make this server
// read a cloud metadata service or a neighbour's database. Addresses are checked
// when dialling, after name resolution, so a name that changes its mind between
// check and use gains nothing.
type guard struct {
	base   *url.URL
	lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

	mu    sync.Mutex
	inner *bool // whether base itself is on an inner address, once known
}

func newGuard(base *url.URL) *guard {
	return &guard{base: base, lookup: net.DefaultResolver.LookupNetIP}
}

// transport returns t with guarded dialling, for file hosts only. Proxies are
// dropped: behind one, the address dialled would be the proxy's.
func (g *guard) transport(t http.RoundTripper) http.RoundTripper {
	plain, ok := t.(*http.Transport)
	if !ok {
		return t
	}
	guarded := plain.Clone()
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, ControlContext: g.control}
	guarded.Proxy = nil
	guarded.DialContext = dialer.DialContext
	guarded.DialTLSContext = nil
	return guarded
}

func (g *guard) control(ctx context.Context, _, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return errInnerAddress
	}
	return g.checkAddr(ctx, target.Addr())
}

func (g *guard) checkAddr(ctx context.Context, addr netip.Addr) error {
	switch rangeOf(addr) {
	case rangePublic:
		return nil
	case rangeInner:
		if g.baseIsInner(ctx) {
			return nil
		}
	}
	return errInnerAddress
}

// checkURL parses a file URL and refuses what no file of Fathom's looks like.
func (g *guard) checkURL(ctx context.Context, raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return nil, errBadFileURL
	}
	return u, g.checkTarget(ctx, u)
}

func (g *guard) checkTarget(ctx context.Context, u *url.URL) error {
	if u.Scheme != "https" && (u.Scheme != "http" || g.base.Scheme != "http") {
		return errInsecure
	}
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil {
		return g.checkAddr(ctx, addr)
	}
	return nil // a name: the dialler sees where it leads
}

func (g *guard) checkRedirect(req *http.Request, via []*http.Request) error {
	req.Header.Del("Referer") // net/http puts the signed URL there
	if len(via) > maxRedirects {
		return errManyRedirects
	}
	if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return errInsecure
	}
	if req.URL.Hostname() == "" || req.URL.User != nil {
		return errBadFileURL
	}
	return g.checkTarget(req.Context(), req.URL)
}

// baseIsInner says whether the API itself is on a private or loopback address, as
// the simulator is: then its files may be too. A name counts when all it resolves
// to is inner; Fathom's own names never do, whatever a resolver claims.
func (g *guard) baseIsInner(ctx context.Context) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inner != nil {
		return *g.inner
	}

	host := strings.ToLower(strings.TrimSuffix(g.base.Hostname(), "."))
	inner := host == "localhost" || strings.HasSuffix(host, ".localhost")
	if addr, err := netip.ParseAddr(host); err == nil {
		inner = rangeOf(addr) == rangeInner
	} else if !inner && host != "fathom.ai" && !strings.HasSuffix(host, ".fathom.ai") {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		addrs, err := g.lookup(ctx, "ip", host)
		if err != nil {
			return false // ask again next time
		}
		inner = len(addrs) > 0
		for _, addr := range addrs {
			inner = inner && rangeOf(addr) == rangeInner
		}
	}
	g.inner = &inner
	return inner
}

func refused(err error) bool {
	for _, reason := range []error{errBadFileURL, errInsecure, errInnerAddress, errManyRedirects} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}
