package bus

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

var clusterName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$`)

// IsName reports whether a text can be the name of a cluster, with which the subjects of its messages begin.
func IsName(text string) bool { return clusterName.MatchString(text) }

// IsURL reports whether a text is the URL of a NATS server: nats:// or tls://, a host, and a port unless it is 4222. A user or
// token in it would appear in process lists.
func IsURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "nats" && u.Scheme != "tls" || u.Hostname() == "" {
		return false
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return false
		}
	}
	return *u == url.URL{Scheme: u.Scheme, Host: u.Host} && !strings.Contains(text, "#")
}
