package fathom

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

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// The reasons to refuse a file host. Their texts hold no URL.
var (
	errBadFileURL       = errors.New("unusable file URL")
	errInsecureURL      = errors.New("file URL is not https")
	errForbiddenAddress = errors.New("file host is on a private or special address")
	errTooManyRedirects = errors.New("file host redirects too often")
)

// baseLookupTimeout limits the resolution of the API's own host name.
const baseLookupTimeout = 5 * time.Second

// ssrfGuard keeps downloads away from the operator's own network. File URLs come from another party, which
// could otherwise make this server read a cloud metadata service or a neighbour's database. Addresses are
// checked when dialing, after name resolution, so a name that resolves differently between check and
// use changes nothing. It is safe for concurrent use.
type ssrfGuard struct {
	base   *url.URL
	lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

	basePrivate atomic.Pointer[bool] // the answer of isBasePrivate; nil until it is known
}

func newSSRFGuard(base *url.URL) *ssrfGuard {
	return &ssrfGuard{base: base, lookup: net.DefaultResolver.LookupNetIP}
}

// transport returns rt with a guarded dialer, for file hosts. It uses no proxy: the guard would see the
// address of the proxy instead of the file host's.
func (g *ssrfGuard) transport(rt http.RoundTripper) http.RoundTripper {
	plain, ok := rt.(*http.Transport)
	if !ok {
		return rt
	}
	guarded := plain.Clone()
	dialer := outbound.NewDialer()
	dialer.ControlContext = g.checkDial
	guarded.Proxy = nil
	guarded.DialContext = dialer.DialContext
	guarded.DialTLSContext = nil
	return guarded
}

func (g *ssrfGuard) checkDial(ctx context.Context, _, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return errForbiddenAddress
	}
	return g.checkAddr(ctx, target.Addr())
}

func (g *ssrfGuard) checkAddr(ctx context.Context, addr netip.Addr) error {
	switch classify(addr) {
	case rangePublic:
		return nil
	case rangePrivate:
		if g.isBasePrivate(ctx) {
			return nil
		}
	}
	return errForbiddenAddress
}

// checkURL refuses a URL that can't be that of a Fathom file.
func (g *ssrfGuard) checkURL(ctx context.Context, raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return errBadFileURL
	}
	return g.checkTarget(ctx, u)
}

func (g *ssrfGuard) checkTarget(ctx context.Context, u *url.URL) error {
	if u.Scheme != "https" && (u.Scheme != "http" || g.base.Scheme != "http") {
		return errInsecureURL
	}
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil {
		return g.checkAddr(ctx, addr)
	}
	return nil // checkDial checks the addresses of a name
}

func (g *ssrfGuard) checkRedirect(req *http.Request, via []*http.Request) error {
	req.Header.Del("Referer") // net/http puts the signed URL there
	if len(via) > outbound.MaxRedirects {
		return errTooManyRedirects
	}
	if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return errInsecureURL
	}
	if req.URL.Hostname() == "" || req.URL.User != nil {
		return errBadFileURL
	}
	return g.checkTarget(req.Context(), req.URL)
}

// isBasePrivate reports whether the API itself is on a private or loopback address, as the simulator
// is; then its files may be there too. A name is private when all of its addresses are. Fathom's own
// names are never private, whatever a resolver returns.
//
// The answer is cached, but a failed lookup is not. No lock is held during the lookup: concurrent
// first calls each resolve the name, and net.Resolver merges their queries.
func (g *ssrfGuard) isBasePrivate(ctx context.Context) bool {
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

func (g *ssrfGuard) resolveBase(ctx context.Context) (private bool, err error) {
	host := strings.ToLower(strings.TrimSuffix(g.base.Hostname(), "."))
	if addr, err := netip.ParseAddr(host); err == nil {
		return classify(addr) == rangePrivate, nil
	}
	switch {
	case host == "localhost" || strings.HasSuffix(host, ".localhost"):
		return true, nil
	case host == "fathom.ai" || strings.HasSuffix(host, ".fathom.ai"):
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, baseLookupTimeout)
	defer cancel()
	addrs, err := g.lookup(ctx, "ip", host)
	if err != nil {
		return false, err
	}
	private = len(addrs) > 0
	for _, addr := range addrs {
		private = private && classify(addr) == rangePrivate
	}
	return private, nil
}

// isRefusal reports whether the guard caused an error.
func isRefusal(err error) bool {
	for _, reason := range []error{errBadFileURL, errInsecureURL, errForbiddenAddress, errTooManyRedirects} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}
