package config

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Webhooks is whether the server lets Fathom report new meetings.
type Webhooks string

// The values of Webhooks.
const (
	WebhooksAuto Webhooks = "auto" // where Fathom can reach the server
	WebhooksOn   Webhooks = "on"
	WebhooksOff  Webhooks = "off"
)

var errWebhooks = errors.New("not auto, on or off")

// UnmarshalText implements encoding.TextUnmarshaler.
func (w *Webhooks) UnmarshalText(text []byte) error {
	*w = Webhooks(text)
	if *w != WebhooksAuto && *w != WebhooksOn && *w != WebhooksOff {
		return errWebhooks
	}
	return nil
}

// WebhookBase returns the URL at which Fathom reaches the server, or "" if it creates no webhooks.
func (c *Config) WebhookBase() string {
	if c.Webhooks == WebhooksOn || c.Webhooks == WebhooksAuto && c.PublicHTTPS() {
		return c.BaseURL()
	}
	return ""
}

// privateSuffixes end the names of hosts that only a local network knows.
var privateSuffixes = []string{".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test", ".example", ".invalid"}

// PublicHTTPS reports whether BaseURL is an https URL that other servers can probably reach.
func (c *Config) PublicHTTPS() bool {
	base, err := url.Parse(c.BaseURL())
	if err != nil || base.Scheme != "https" {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(base.Hostname(), "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsGlobalUnicast() && !ip.IsPrivate() && !netip.MustParsePrefix("100.64.0.0/10").Contains(ip)
	}
	return strings.Contains(host, ".") && !slices.ContainsFunc(privateSuffixes, func(suffix string) bool { return strings.HasSuffix(host, suffix) })
}
