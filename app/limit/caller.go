package limit

import "net/netip"

// siteFactor times the limit of one network is the limit of an IPv6 site (a /48 subnet).
const siteFactor = 4

// Caller is who a limit counts: an account or the network of a stranger. Every limit takes a Caller, so that all
// of them count the same way. Callers are comparable. The zero value is a caller of its own.
type Caller struct {
	key  string
	site string // an IPv6 site, which has siteFactor times the limit of one network; empty for other callers
}

// Account returns the caller that a signed-in user or superuser is counted as.
func Account(id string) Caller { return Caller{key: "account " + id} }

// Network returns the caller that a client without an account is counted as. Addresses are cheap, so a stranger
// counts as a network: a /24 of IPv4, or a /64 of IPv6, which is what one connection to the Internet is assigned.
// All /64 subnets of a /48, which a single customer can own, together have four times the limit of one. A text
// that isn't an IP address is a network of its own.
func Network(address string) Caller {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return Caller{key: "network " + address}
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return Caller{key: "network " + netip.PrefixFrom(ip, 24).Masked().String()}
	}
	return Caller{
		key:  "network " + netip.PrefixFrom(ip, 64).Masked().String(),
		site: "site " + netip.PrefixFrom(ip, 48).Masked().String(),
	}
}

// String returns a text that differs for every caller, such as "network 192.0.2.0/24".
func (c Caller) String() string { return c.key }

// SameSite reports whether both callers are networks of the same IPv6 site.
func (c Caller) SameSite(other Caller) bool { return c.site != "" && c.site == other.site }
