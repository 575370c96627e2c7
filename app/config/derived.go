package config

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// settingsKeyInfo separates the derived key from any other use of the secret.
// Changing it makes the stored PocketBase settings unreadable.
const settingsKeyInfo = "fathom-to-loom/pocketbase-settings/v1"

// BaseURL is where people reach the server, without a trailing slash: PUBLIC_URL,
// or this machine's own address.
func (c *Config) BaseURL() string {
	if c.PublicURL == "" {
		return "http://127.0.0.1:" + strconv.Itoa(c.GlobalPort)
	}
	return strings.TrimRight(c.PublicURL, "/")
}

// AllowedOrigins are the origins a browser may call the API from, as browsers
// write them: CORS_ORIGINS, or the origin of BaseURL. On this machine alone that
// has two names, and people open either.
func (c *Config) AllowedOrigins() []string {
	if len(c.CORSOrigins) == 0 && c.PublicURL == "" {
		return []string{origin(c.BaseURL()), "http://localhost:" + strconv.Itoa(c.GlobalPort)}
	}
	if len(c.CORSOrigins) == 0 {
		return []string{origin(c.BaseURL())}
	}
	out := make([]string, len(c.CORSOrigins))
	for i, o := range c.CORSOrigins {
		out[i] = origin(o)
	}
	return out
}

// ListenAddr is the address and port to listen on.
func (c *Config) ListenAddr() string {
	return net.JoinHostPort(c.BindAddress, strconv.Itoa(c.GlobalPort))
}

// JobDrain is how long jobs may go on when the server stops: at most half of what
// everything has, so that the rest can still be handed back.
func (c *Config) JobDrain() time.Duration {
	return min(c.JobDrainTimeout.Std(), c.ShutdownTimeout.Std()/2)
}

// SMTPEnabled reports whether mail can be sent.
func (c *Config) SMTPEnabled() bool { return c.SMTPHost != "" }

// GoogleEnabled reports whether sign-in with Google is switched on.
func (c *Config) GoogleEnabled() bool { return c.GoogleClientID != "" }

// GitHubEnabled reports whether sign-in with GitHub is switched on.
func (c *Config) GitHubEnabled() bool { return c.GitHubClientID != "" }

// SettingsKey is the key PocketBase encrypts its settings with. PocketBase uses
// the characters of the text as an AES-256 key, so there must be exactly 32; the
// 24 bytes they stand for are derived from PB_ENCRYPTION_KEY. Empty when that is
// not valid.
func (c *Config) SettingsKey() string {
	secret, err := c.PBEncryptionKey.Bytes()
	if err != nil || len(secret) != 32 {
		return ""
	}
	key, err := hkdf.Key(sha256.New, secret, nil, settingsKeyInfo, 24)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(key)
}

// origin is the scheme, host and port of a URL as a browser's Origin header has
// it: lower case and without the scheme's own port. What is not a URL, such as
// *, stays as it is.
func origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return raw
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch {
	case scheme == "http":
		host = strings.TrimSuffix(host, ":80")
	case scheme == "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return scheme + "://" + host
}
