package loom

import "regexp"

var videoIDPattern = regexp.MustCompile(`(?:^|[/:])([0-9a-f]{32})$`)

// ShareURLOf returns the link to the video with an id: 32 lower-case hex digits, or an Atlassian resource name that ends
// with them, such as ari:cloud:loom::video/<id>. ok is false for any other text.
func (c *Client) ShareURLOf(id string) (share ShareURL, ok bool) {
	match := videoIDPattern.FindStringSubmatch(id)
	if match == nil {
		return ShareURL{}, false
	}
	return ShareURL{ID: match[1], base: c.base.String()}, true
}
