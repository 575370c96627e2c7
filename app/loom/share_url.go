package loom

import (
	"net/url"
	"regexp"
	"strings"
)

const maxShareURL = 2048 // bytes, more than any real share link has

// A title may precede the id: /share/Weekly-sync-<32 hex digits>.
var sharePath = regexp.MustCompile(`^/(?:share|embed)/(?:[^/]*-)?([0-9a-fA-F]{32})/?$`)

// ShareURL is the link to one video at Loom. Create it with [Client.ParseShareURL].
type ShareURL struct {
	ID   string // 32 lower-case hex digits
	base string // of the Loom that has the video; blank means the real one
}

// String returns the canonical link, https://www.loom.com/share/<id>.
func (s ShareURL) String() string {
	base := s.base
	if base == "" {
		base = defaultBaseURL
	}
	return base + "/share/" + s.ID
}

// ParseShareURL extracts the video id from a share or embed link. It accepts links as people paste them:
// with surrounding spaces, a title before the id, or a query such as ?sid=. The link must be an https
// link to loom.com or, if BaseURL is a simulator, a link to that simulator. The error is a
// *[ShareURLError].
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
		return reject("it is not a valid web address")
	}
	if u.Scheme != c.base.Scheme {
		return reject("it must start with " + c.base.Scheme + "://")
	}
	if u.User != nil {
		return reject("it must not contain a user name or password")
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
