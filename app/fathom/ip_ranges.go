package fathom

import "net/netip"

// addressRange sorts addresses by who may be behind them.
type addressRange int

const (
	rangePublic  addressRange = iota
	rangeInner                // loopback, private, CGNAT, unique local: fine when the API is there too
	rangeSpecial              // link-local (cloud metadata), multicast, unspecified, reserved: never
)

var (
	innerPrefixes = prefixes(
		"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
		"::1/128", "fc00::/7",
	)
	// https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6
	// sister. 6to4 and Teredo wrap an IPv4 address, and nobody serves files there.
	specialPrefixes = prefixes(
		"0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
		"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
		"3fff::/20", "5f00::/16", "fe80::/10", "fec0::/10", "ff00::/8",
	)
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

func rangeOf(addr netip.Addr) addressRange {
	addr = addr.WithZone("").Unmap()
	if nat64.Contains(addr) { // an IPv6-only network's way to an IPv4 address
		b := addr.As16()
		addr = netip.AddrFrom4([4]byte(b[12:]))
	}
	switch {
	case !addr.IsValid():
		return rangeSpecial
	case within(addr, innerPrefixes):
		return rangeInner
	case within(addr, specialPrefixes):
		return rangeSpecial
	default:
		return rangePublic
	}
}

func within(addr netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, p := range list {
		out[i] = netip.MustParsePrefix(p)
	}
	return out
}
