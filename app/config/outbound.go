package config

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// ProxyURL returns HTTPS_PROXY, or nil if it is unset or not valid. As for other programs, http:// may be left out.
func (c *Config) ProxyURL() *url.URL {
	raw := strings.TrimSpace(c.HTTPSProxy.Reveal())
	if raw == "" {
		return nil
	}
	if !strings.Contains(raw, "://") {
		raw = "http://" + raw
	}
	proxy, err := url.Parse(raw)
	if err != nil || proxy.Path != "" && proxy.Path != "/" {
		return nil
	}
	proxy.Path = ""
	bare := *proxy
	bare.User = nil
	if !isBaseURL(bare.String()) {
		return nil
	}
	return proxy
}

func (v *checker) checkProxy() {
	if v.config.HTTPSProxy.IsSet() && v.config.ProxyURL() == nil {
		p := invalid("HTTPS_PROXY")
		p.Hint = "Encode special characters of a user name and password, such as %40 for @"
		v.add(p)
	}
	v.require("OUTBOUND_PROXY_HOSTS", !slices.ContainsFunc(v.config.OutboundProxyHosts, notProxyHost))
}

// notProxyHost reports whether an item of OUTBOUND_PROXY_HOSTS is malformed. A * alone would switch the check off.
func notProxyHost(name string) bool {
	name = strings.TrimPrefix(name, "*.")
	_, err := netip.ParseAddr(name)
	return err == nil || len(name) > 253 || !hostName.MatchString(name) || !strings.ContainsAny(name[strings.LastIndexByte(name, '.')+1:], letters)
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// The sizes above which a range is probably a mistake.
const (
	widestIPv4Bits = 8
	widestIPv6Bits = 16
)

// outboundWarnings describes settings of proxies and addresses that probably don't do what is expected. getenv returns
// the value of an environment variable.
func outboundWarnings(c *Config, getenv func(string) string) []string {
	var warnings []string
	for _, p := range c.OutboundPrivateRanges {
		if p.Addr().Is4() && p.Bits() < widestIPv4Bits || p.Addr().Is6() && p.Bits() < widestIPv6Bits && !isUniqueLocal(p) {
			warnings = append(warnings, "OUTBOUND_PRIVATE_RANGES contains a very large range, so that downloads may reach your own network; list only the addresses that your DNS hands out")
			break
		}
	}
	if c.HTTPSProxy.IsSet() {
		if isBlank(c.NoProxy) && !isBlank(getenv("no_proxy")) {
			warnings = append(warnings, "no_proxy has no effect; use NO_PROXY")
		}
		return warnings
	}
	if !isBlank(getenv("https_proxy")) {
		warnings = append(warnings, "https_proxy has no effect; use HTTPS_PROXY")
	}
	if len(c.OutboundProxyHosts) > 0 {
		warnings = append(warnings, "OUTBOUND_PROXY_HOSTS has no effect without HTTPS_PROXY")
	}
	return warnings
}

// isUniqueLocal reports whether a range consists of IPv6 addresses for private use.
func isUniqueLocal(p netip.Prefix) bool {
	return p.Bits() >= 7 && netip.MustParsePrefix("fc00::/7").Contains(p.Addr())
}
