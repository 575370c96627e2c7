package mover

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

var (
	errNoAddress    = errors.New("not an address of a part")
	errOtherStorage = errors.New("not below S3_ENDPOINT")
)

// amazonHost matches all hosts of Amazon's S3, whose names differ: an address for s3.eu-west-1.amazonaws.com may be at
// bucket.s3.dualstack.eu-west-1.amazonaws.com.
var amazonHost = regexp.MustCompile(`^([a-z0-9.-]+\.)?s3\.([a-z0-9-]+\.){0,2}amazonaws\.com(\.cn)?$`)

// storageGuard decides where parts may be stored. An offer could otherwise make this process write to its neighbours.
type storageGuard struct {
	origin *url.URL        // nil: anywhere on the Internet
	guard  *outbound.Guard // if origin is nil
}

func newStorageGuard(network outbound.Network, origin string) (*storageGuard, error) {
	if origin == "" {
		return &storageGuard{guard: outbound.NewGuard(network, nil)}, nil
	}
	base, err := outbound.ParseBaseURL(origin)
	if err != nil {
		return nil, fmt.Errorf("parse S3 endpoint: %w", err)
	}
	return &storageGuard{origin: base}, nil
}

// transport returns a transport for addresses that check allows.
func (g *storageGuard) transport(base *http.Transport) http.RoundTripper {
	if g.origin != nil {
		return base
	}
	return g.guard.Transport(base)
}

// check refuses an address. Its error doesn't contain it.
func (g *storageGuard) check(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return errNoAddress
	}
	if g.origin == nil {
		if err := g.guard.CheckURL(ctx, address); err != nil {
			return errors.New(reasonOf(err))
		}
		return nil
	}
	if u.Scheme != g.origin.Scheme || portOf(u) != portOf(g.origin) || !g.isBelowOrigin(u.Hostname()) {
		return errOtherStorage
	}
	return nil
}

// reasonOf returns why the guard refuses an address, without the host's, which may be none of the owner's business.
func reasonOf(err error) string {
	if refusal, ok := errors.AsType[*outbound.Refusal](err); ok {
		return "not a public https address (" + string(refusal.Reason) + ")"
	}
	return "not a public https address"
}

func (g *storageGuard) isBelowOrigin(host string) bool {
	host, origin := strings.ToLower(host), strings.ToLower(g.origin.Hostname())
	return host == origin || strings.HasSuffix(host, "."+origin) || amazonHost.MatchString(host) && amazonHost.MatchString(origin)
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}
