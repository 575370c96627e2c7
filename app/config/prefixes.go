package config

import (
	"errors"
	"net/netip"
	"strings"
)

var errPrefixes = errors.New("not a list of addresses and ranges")

// Prefixes are ranges of IP addresses, written as 198.18.0.0/15,fd00::/8. An address alone is a range of one.
type Prefixes []netip.Prefix

// UnmarshalText implements encoding.TextUnmarshaler. IPv4 addresses in IPv6 notation are not allowed: what is meant by
// a range of them is unclear.
func (p *Prefixes) UnmarshalText(text []byte) error {
	var parsed Prefixes
	for _, item := range splitList(string(text)) {
		prefix, err := netip.ParsePrefix(item)
		if !strings.Contains(item, "/") {
			var addr netip.Addr
			if addr, err = netip.ParseAddr(item); err == nil {
				prefix, err = addr.Prefix(addr.BitLen())
			}
		}
		if err != nil || prefix.Addr().Is4In6() || prefix.Addr().Zone() != "" || strings.Contains(item, "%") {
			return errPrefixes
		}
		parsed = append(parsed, prefix.Masked())
	}
	*p = parsed
	return nil
}

// Strings returns each range as text, and a range of one as an address. The result is never nil.
func (p Prefixes) Strings() []string {
	texts := make([]string, len(p))
	for i, prefix := range p {
		texts[i] = prefix.String()
		if prefix.IsSingleIP() {
			texts[i] = prefix.Addr().String()
		}
	}
	return texts
}
