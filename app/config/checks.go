package config

import (
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	hostName     = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$`)
	metricsToken = regexp.MustCompile("^[!-~]{32,1000}$") // what a header can contain, and nobody guesses
	headerName   = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
)

// PocketBase accepts passwords of 8 characters to 71 bytes. A superuser can read everything, so the
// minimum is 10.
const (
	minAdminPasswordRunes = 10
	maxAdminPasswordBytes = 71
)

func (v *checker) checkAdmin() {
	v.require("PB_ADMIN_EMAIL", isEmail(v.config.AdminEmail))

	password := v.config.AdminPassword
	var p Problem
	switch {
	case !password.IsSet():
		p = missing("PB_ADMIN_PASSWORD")
	case utf8.RuneCountInString(password.Reveal()) < minAdminPasswordRunes, len(password.Reveal()) > maxAdminPasswordBytes:
		p = invalid("PB_ADMIN_PASSWORD")
	default:
		return
	}
	p.Hint = v.generateHint("PB_ADMIN_PASSWORD")
	v.add(p)
}

func (v *checker) checkNetwork() {
	c := v.config
	v.between("PB_GLOBAL_PORT", c.GlobalPort, 1, 65535)
	v.require("BIND_ADDRESS", isHost(c.BindAddress))
	v.require("PUBLIC_URL", c.PublicURL == "" || isBaseURL(c.PublicURL))
	v.require("FATHOM_API_URL", isBaseURL(c.FathomAPIURL))
	v.require("LOOM_URL", isBaseURL(c.LoomURL))
	v.require("CORS_ORIGINS", slices.Equal(c.CORSOrigins, []string{"*"}) || !slices.ContainsFunc(c.CORSOrigins, notOrigin))
	v.require("TRUSTED_PROXY_HEADERS", !slices.ContainsFunc(c.TrustedProxyHeaders, func(h string) bool { return !headerName.MatchString(h) }))
}

// checkDirectories requires separate directories. If one were inside the other, PocketBase's backups
// would contain user databases, or its files would be among the folders of user databases.
func (v *checker) checkDirectories() {
	data, errData := realPath(v.config.DataDir)
	users, errUsers := realPath(v.config.UserDBsDir)
	if errData != nil || v.config.DataDir == "" {
		v.addDirectory("DATA_DIR")
	} else if errUsers != nil || v.config.UserDBsDir == "" || within(data, users) || within(users, data) {
		v.addDirectory("USER_DBS_DIR")
	}
}

func (v *checker) addDirectory(key string) {
	p := invalid(key)
	if v.config.dataDirFlag {
		p.Hint = "--dir overrides DATA_DIR"
	}
	v.add(p)
}

// The names that S3 accepts for buckets, and prefixes without characters that would have to be encoded in URLs.
var (
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	s3Prefix   = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?$`)
)

const maxS3Prefix = 200 // bytes; S3 allows 1,024 for the whole name of an object

// checkS3 requires all settings that S3 needs, or none of them.
func (v *checker) checkS3() {
	c := v.config
	needed := []struct {
		key string
		set bool
	}{
		{"S3_ENDPOINT", c.S3Endpoint != ""},
		{"S3_BUCKET", c.S3Bucket != ""},
		{"S3_ACCESS_KEY", c.S3AccessKey.IsSet()},
		{"S3_SECRET_KEY", c.S3SecretKey.IsSet()},
	}
	used := c.S3Prefix != ""
	for _, setting := range needed {
		used = used || setting.set
	}
	for _, setting := range needed {
		if used && !setting.set {
			p := missing(setting.key)
			p.Hint = "To store recordings on disk, unset all S3_ settings instead"
			v.add(p)
		}
	}
	v.require("S3_ENDPOINT", c.S3Endpoint == "" || !notOrigin(c.S3Endpoint))
	v.require("S3_BUCKET", c.S3Bucket == "" || bucketName.MatchString(c.S3Bucket))
	v.require("S3_PATH_STYLE", c.S3PathStyle || !isIPEndpoint(c.S3Endpoint))
	v.require("S3_REGION", c.S3Region == "" || hostName.MatchString(c.S3Region))
	v.require("S3_PREFIX", c.S3Prefix == "" || len(c.S3Prefix) <= maxS3Prefix && s3Prefix.MatchString(c.S3Prefix))
}

// isIPEndpoint reports whether a URL contains an IP address, before which no bucket's name can be put.
func isIPEndpoint(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	_, err = netip.ParseAddr(u.Hostname())
	return err == nil
}

func (v *checker) checkSMTP() {
	c := v.config
	v.between("SMTP_PORT", c.SMTPPort, 1, 65535)
	if c.SMTPHost == "" {
		if c.SMTPUsername != "" || c.SMTPPassword.IsSet() || c.SMTPFrom != "" {
			p := missing("SMTP_HOST")
			p.Hint = "To send no mail, unset SMTP_FROM, SMTP_USERNAME and SMTP_PASSWORD instead"
			v.add(p)
		}
	} else {
		v.require("SMTP_HOST", isHost(c.SMTPHost))
		if c.SMTPFrom == "" {
			v.add(missing("SMTP_FROM"))
		}
	}
	v.require("SMTP_FROM", c.SMTPFrom == "" || isEmail(c.SMTPFrom))
	v.pair("SMTP_USERNAME", c.SMTPUsername != "", "SMTP_PASSWORD", c.SMTPPassword.IsSet())
}

// isEmail accepts a bare address with a dot in its domain. PocketBase rejects anything else when the
// setting is saved.
func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 {
		return false
	}
	domain := s[strings.LastIndexByte(s, '@')+1:]
	return strings.Contains(domain, ".") && hostName.MatchString(domain)
}

func isHost(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	return len(s) <= 253 && hostName.MatchString(s)
}

func isBaseURL(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !isHost(u.Hostname()) {
		return false
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return false
		}
	}
	return u.User == nil && !strings.ContainsAny(raw, "?#")
}

func notOrigin(raw string) bool {
	if !isBaseURL(raw) {
		return true
	}
	u, err := url.Parse(raw)
	return err != nil || (u.Path != "" && u.Path != "/")
}

// realPath returns the absolute path. It resolves symbolic links in the part of the path that exists.
func realPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	for parent, rest := abs, ""; ; {
		if resolved, err := filepath.EvalSymlinks(parent); err == nil {
			return filepath.Join(resolved, rest), nil
		}
		up := filepath.Dir(parent)
		if up == parent {
			return abs, nil
		}
		parent, rest = up, filepath.Join(filepath.Base(parent), rest)
	}
}

// within reports whether path is dir or is inside it.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
