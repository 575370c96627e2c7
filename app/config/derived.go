package config

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// settingsKeyInfo separates the derived key from other uses of the secret. Changing it makes the
// stored settings of PocketBase unreadable.
const settingsKeyInfo = "fathom-to-loom/pocketbase-settings/v1"

// BaseURL returns the URL at which users reach the server, without a trailing slash: PUBLIC_URL, or
// the loopback address if that is unset.
func (c *Config) BaseURL() string {
	if c.PublicURL == "" {
		return "http://127.0.0.1:" + strconv.Itoa(c.GlobalPort)
	}
	return strings.TrimRight(c.PublicURL, "/")
}

// BasePath returns the path under which people reach the server, such as /f2l, or an empty string. The reverse proxy
// removes it from requests.
func (c *Config) BasePath() string {
	base, err := url.Parse(c.BaseURL())
	if err != nil {
		return ""
	}
	return base.EscapedPath()
}

// BaseOrigin returns the origin of BaseURL.
func (c *Config) BaseOrigin() string { return origin(c.BaseURL()) }

// AllowedOrigins returns the origins whose pages may call the API, as browsers write them:
// CORS_ORIGINS, or the origin of BaseURL. The loopback address has two origins, because users open
// either.
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

// ListenAddr returns the address and port to listen on.
func (c *Config) ListenAddr() string {
	return net.JoinHostPort(c.BindAddress, strconv.Itoa(c.GlobalPort))
}

// WithDataDir returns a copy of the settings with the data directory of the --dir flag, which overrides
// DATA_DIR and must pass the same checks.
func (c *Config) WithDataDir(dir string) *Config {
	changed := *c
	changed.DataDir, changed.dataDirFlag = dir, true
	return &changed
}

// JobDrain returns how long running jobs may continue once the server stops: JOB_DRAIN_TIMEOUT, but
// at most half of SHUTDOWN_TIMEOUT, which leaves time to release unfinished jobs.
func (c *Config) JobDrain() time.Duration {
	return min(c.JobDrainTimeout.Std(), c.ShutdownTimeout.Std()/2)
}

// S3Enabled reports whether new recordings are stored in S3.
func (c *Config) S3Enabled() bool { return c.S3Endpoint != "" }

// SMTPEnabled reports whether mail can be sent.
func (c *Config) SMTPEnabled() bool { return c.SMTPHost != "" }

// GoogleEnabled reports whether users can sign in with Google.
func (c *Config) GoogleEnabled() bool { return c.GoogleClientID != "" }

// GitHubEnabled reports whether users can sign in with GitHub.
func (c *Config) GitHubEnabled() bool { return c.GitHubClientID != "" }

// SettingsKey returns the key with which PocketBase encrypts its settings, or an empty string if
// PB_ENCRYPTION_KEY is not valid. PocketBase uses the text itself as an AES-256 key, so it must have
// exactly 32 characters: 24 bytes in base64, derived from PB_ENCRYPTION_KEY.
func (c *Config) SettingsKey() string { return settingsKey(c.PBEncryptionKey) }

// PreviousSettingsKey is SettingsKey for PB_ENCRYPTION_KEY_PREVIOUS.
func (c *Config) PreviousSettingsKey() string { return settingsKey(c.PBEncryptionKeyPrevious) }

func settingsKey(from Secret) string {
	secret, err := from.Bytes()
	if err != nil || len(secret) != 32 {
		return ""
	}
	key, err := hkdf.Key(sha256.New, secret, nil, settingsKeyInfo, 24)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(key)
}

// origin returns the scheme, host and port of a URL as in a browser's Origin header: in lower case
// and without the default port. Text that is not a URL, such as *, is returned unchanged.
func origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return raw
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return scheme + "://" + host
}

// AppURLs returns the URLs at which people open the web app, without a slash at the end: BaseURL, and the other origins
// of AllowedOrigins.
func (c *Config) AppURLs() []string {
	urls := slices.DeleteFunc(c.AllowedOrigins(), func(o string) bool { return o == "*" || o == c.BaseOrigin() })
	urls = append(urls, c.BaseOrigin()+c.BasePath())
	slices.Sort(urls)
	return slices.Compact(urls)
}
