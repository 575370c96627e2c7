package outbound

import (
	"net/netip"
	"slices"
)

// ipRange classifies an address by the hosts that may be behind it.
type ipRange int

const (
	rangePublic    ipRange = iota
	rangePrivate           // loopback, private, CGNAT, unique local: allowed if the API is private too, or if listed
	rangeSpecial           // reserved: allowed if listed
	rangeForbidden         // link-local, cloud metadata, multicast, unspecified: never allowed
)

var (
	privatePrefixes = parsePrefixes(
		"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
		"::1/128", "fc00::/7",
	)

	// These are the special-purpose registries of IANA,
	// https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 counterpart, the
	// latter within the global unicast range only. Libraries with these lists, such as
	// code.dny.dev/ssrf, only distinguish allowed from denied addresses and don't unwrap NAT64.
	specialPrefixes = parsePrefixes(
		"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "3fff::/20",
	)

	// No host that serves files has one of these addresses, but services that trust every caller do.
	forbiddenPrefixes = parsePrefixes(
		"0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32", "fe80::/10", "ff00::/8",
		// the metadata services of Alibaba, Azure, Oracle, Amazon, Google and Scaleway that are not link-local
		"100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::/32", "fd20:ce::254/128", "fd00:42::42/128",
		// forms that wrap any IPv4 address: IPv4-compatible, 6to4, Teredo, NAT64 of the local network
		"::/96", "2002::/16", "2001::/32", "64:ff9b:1::/48",
	)

	// IANA assigns public IPv6 addresses from this range only, so everything outside of it is
	// special without being listed.
	globalUnicast = netip.MustParsePrefix("2000::/3")

	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

// unwrap returns the address that a connection to addr reaches.
func unwrap(addr netip.Addr) netip.Addr {
	addr = addr.WithZone("").Unmap()
	if nat64.Contains(addr) { // an IPv4 address as an IPv6-only network reaches it
		b := addr.As16()
		addr = netip.AddrFrom4([4]byte(b[12:]))
	}
	return addr
}

// classify returns the range of an unwrapped address.
func classify(addr netip.Addr) ipRange {
	switch {
	case addr == netip.IPv6Loopback(): // within ::/96
		return rangePrivate
	case !addr.IsValid(), containedIn(forbiddenPrefixes, addr):
		return rangeForbidden
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
