package loom

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const maxShareText = 3000 // bytes, more than any share link or embed code has

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

// sharePattern matches links to videos of a Loom. People paste them without a scheme, inside of a sentence, and as
// embed code, and a title may precede the id: /share/Weekly-sync-<32 hex digits>. What comes before the host must not
// belong to it.
func sharePattern(base *url.URL, real bool) *regexp.Regexp {
	host := regexp.QuoteMeta(base.Host)
	if real {
		host = `(?:www\.)?loom\.com`
	}
	return regexp.MustCompile(`(?i)(?:^|https?://|[^0-9a-z@._/:-])` + host + regexp.QuoteMeta(base.Path) +
		`/(?:share|embed)/(?:[^/\s"'<>?#]*-)?([0-9a-f]{32})/?(?:[^0-9a-z/_-]|$)`)
}

// FindShareURLs returns the links to videos that a text contains, each video once, in the order in which they appear.
func (c *Client) FindShareURLs(text string) []ShareURL {
	var found []ShareURL
	for text != "" {
		match := c.share.FindStringSubmatchIndex(text)
		if match == nil {
			break
		}
		share := ShareURL{ID: strings.ToLower(text[match[2]:match[3]]), base: c.base.String()}
		if !slices.Contains(found, share) {
			found = append(found, share)
		}
		text = text[match[3]:] // the character behind a link may also be the one before the next link
	}
	return found
}

// anyLink matches links of all kinds, and those to Loom also without a scheme.
var anyLink = regexp.MustCompile(`(?i)https?://[^\s"'<>]+|(?:www\.)?loom\.com/[^\s"'<>]+`)

// FindOtherLinks returns the links in a text that don't lead to one video at Loom, each once. It leaves out the pictures
// that Loom adds to what people copy.
func (c *Client) FindOtherLinks(text string) []string {
	var found []string
	for _, link := range anyLink.FindAllString(text, -1) {
		link = strings.TrimRight(link, ".,;:!?)]")
		isPicture := strings.Contains(strings.ToLower(link), "://cdn.loom.com/")
		if !isPicture && !c.share.MatchString(link) && !slices.Contains(found, link) {
			found = append(found, link)
		}
	}
	return found
}

// ExampleShareURL returns what the beginning of a share link looks like.
func (c *Client) ExampleShareURL() string { return c.base.String() + "/share/1a2b…" }

// ParseShareURL returns the one video that a pasted text links to. The link must lead to loom.com or, if BaseURL is a
// simulator, to that simulator. The error is a *[ShareURLError].
func (c *Client) ParseShareURL(text string) (ShareURL, error) {
	text = strings.TrimSpace(text)
	reject := func(reason string) (ShareURL, error) { return ShareURL{}, &ShareURLError{Reason: reason} }
	if text == "" {
		return reject("it is empty")
	}
	if len(text) > maxShareText {
		return reject("it is too long")
	}
	switch found := c.FindShareURLs(text); len(found) {
	case 0:
		return reject("it should look like " + c.base.String() + "/share/ followed by 32 letters and digits")
	case 1:
		return found[0], nil
	default:
		return reject("it contains links to several videos")
	}
}
