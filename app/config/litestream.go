package config

import (
	"net/url"
	"strings"
)

// LitestreamEnv returns the environment of Litestream: environ (KEY=value lines) with the variables in
// deploy/litestream.yml and without all other settings, because Litestream needs none of the server's secrets. dataDir
// is an absolute path. Litestream refuses to use S3 if AWS_CA_BUNDLE is set, because its HTTP client isn't the one of AWS;
// SSL_CERT_FILE has the same meaning for every program that is written in Go.
func (c *Config) LitestreamEnv(environ []string, dataDir string) []string {
	env := append(WithoutSettings(environ), "DATA_DIR="+dataDir, "LITESTREAM_REPLICA="+c.LitestreamReplica)
	for i, setting := range env {
		if bundle, found := strings.CutPrefix(setting, "AWS_CA_BUNDLE="); found {
			env[i] = "SSL_CERT_FILE=" + bundle
		}
	}
	if c.LitestreamAccessKeyID.IsSet() {
		env = append(env, "LITESTREAM_ACCESS_KEY_ID="+c.LitestreamAccessKeyID.Reveal(),
			"LITESTREAM_SECRET_ACCESS_KEY="+c.LitestreamSecretAccessKey.Reveal())
	}
	return env
}

func (v *checker) checkLitestream() {
	c := v.config
	v.require("LITESTREAM_REPLICA", c.LitestreamReplica == "" || isReplicaURL(c.LitestreamReplica))
	v.pair("LITESTREAM_ACCESS_KEY_ID", c.LitestreamAccessKeyID.IsSet(), "LITESTREAM_SECRET_ACCESS_KEY", c.LitestreamSecretAccessKey.IsSet())
}

// isReplicaURL reports whether a URL is that of a folder or of a place in a bucket. Litestream knows more schemes; these
// are the ones that the standby is tested with. A password in the URL would end up in Litestream's log.
func isReplicaURL(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || u.User != nil || u.Fragment != "" || len(u.Path) < 2 {
		return false
	}
	return u.Scheme == "file" && u.Host == "" && u.RawQuery == "" || u.Scheme == "s3" && u.Host != ""
}
