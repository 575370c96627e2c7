package fathom

import (
	"net/netip"
	"slices"
)

// ipRange classifies an address by the hosts that may be behind it.
type ipRange int

const (
	rangePublic  ipRange = iota
	rangePrivate         // loopback, private, CGNAT, unique local: allowed only if the API is private too
	rangeSpecial         // link-local (cloud metadata), multicast, unspecified, reserved: never allowed
)

var (
	privatePrefixes = parsePrefixes(
		"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
		"::1/128", "fc00::/7",
	)

	// These are the special-purpose registries of IANA,
	// https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 counterpart, the
	// latter within the global unicast range only. 6to4 (2002::/16) and Teredo (in 2001::/23) wrap
	// an IPv4 address, and no file host uses them. Libraries with these lists, such as
	// code.dny.dev/ssrf, only distinguish allowed from denied addresses and don't unwrap NAT64.
	specialPrefixes = parsePrefixes(
		"0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
		"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	)

	// IANA assigns public IPv6 addresses from this range only, so everything outside of it is
	// special without being listed.
	globalUnicast = netip.MustParsePrefix("2000::/3")

	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

func classify(addr netip.Addr) ipRange {
	addr = addr.WithZone("").Unmap()
	if nat64.Contains(addr) { // an IPv4 address as an IPv6-only network reaches it
		b := addr.As16()
		addr = netip.AddrFrom4([4]byte(b[12:]))
	}
	switch {
	case !addr.IsValid():
		return rangeSpecial
	case containedIn(privatePrefixes, addr):
		return rangePrivate
	case containedIn(specialPrefixes, addr), addr.Is6() && !globalUnicast.Contains(addr):
		return rangeSpecial
	default:
		return rangePublic
	}
}

func containedIn(prefixes []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(addr) })
}

func parsePrefixes(list ...string) []netip.Prefix {
	prefixes := make([]netip.Prefix, len(list))
	for i, p := range list {
		prefixes[i] = netip.MustParsePrefix(p)
	}
	return prefixes
}
