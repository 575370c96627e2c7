package loom

import (
	"net/url"
	"regexp"
	"strings"
)

// maxShareURL is more than any link people paste; a longer one is something else.
const maxShareURL = 2048

// A title may stand before the id: /share/Weekly-sync-<32 hex>.
var sharePath = regexp.MustCompile(`^/(?:share|embed)/(?:[^/]*-)?([0-9a-fA-F]{32})/?$`)

// ShareURL is one video at Loom. Make it with [Client.ParseShareURL].
type ShareURL struct {
	ID   string // 32 lower-case hex digits
	base string // of the Loom it belongs to; blank is the real one
}

// String is the canonical link, https://www.loom.com/share/<id>.
func (s ShareURL) String() string {
	base := s.base
	if base == "" {
		base = defaultBaseURL
	}
	return base + "/share/" + s.ID
}

// ParseShareURL takes the video id out of a share or embed link as people paste
// it: with spaces around it, a title before the id, a query such as ?sid=. Only
// https links of loom.com are taken, or only those of the simulator when BaseURL
// is one. The error is a *[ShareURLError].
func (c *Client) ParseShareURL(raw string) (ShareURL, error) {
	raw = strings.TrimSpace(raw)
	reject := func(reason string) (ShareURL, error) { return ShareURL{}, &ShareURLError{Reason: reason} }
	if raw == "" {
		return reject("it is empty")
	}
	if len(raw) > maxShareURL {
		return reject("it is too long")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return reject("it cannot be read as a web address")
	}
	if u.Scheme != c.base.Scheme {
		return reject("it must begin with " + c.base.Scheme + "://")
	}
	if u.User != nil {
		return reject("it must not hold a user name or password")
	}
	if c.real && !isLoomHost(u.Host) || !c.real && !strings.EqualFold(u.Host, c.base.Host) {
		return reject("it must lead to " + strings.TrimPrefix(c.base.Host, "www."))
	}
	path, ok := strings.CutPrefix(u.Path, c.base.Path)
	match := sharePath.FindStringSubmatch(path)
	if !ok || match == nil {
		return reject("it should look like " + c.base.String() + "/share/ followed by 32 letters and digits")
	}
	return ShareURL{ID: strings.ToLower(match[1]), base: c.base.String()}, nil
}
