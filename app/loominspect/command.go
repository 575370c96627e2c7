package loominspect

import (
	"regexp"
	"strings"
)

// isCommand reports whether a text contains a curl command.
func isCommand(text string) bool { return curlWord.MatchString(text) && strings.Contains(text, "://") }

var (
	curlWord     = regexp.MustCompile(`(?:^|[\s;|&])curl\s`)
	commandParts = regexp.MustCompile(`https?://[^\s"'\\<>]+|[A-Za-z][A-Za-z0-9-]{1,40}: *(?:(?:[Bb]earer|[Bb]asic) )?[^"'\n\\]*|@[^\s"']+(?: [^\s"'-][^"'\n]*)?|--?[A-Za-z][A-Za-z-]*|[\p{L}\p{N}_+/=.~-]+`)
	headerPart   = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]{1,40}: *(?:(?:[Bb]earer|[Bb]asic) )?)(.*)$`)
)

// command keeps the form of a curl command: its options, the names of headers and fields, and the shape of the address.
func (r *redaction) command(text string) string {
	return commandParts.ReplaceAllStringFunc(text, func(part string) string {
		switch {
		case strings.HasPrefix(part, "http://"), strings.HasPrefix(part, "https://"):
			return r.URL(part)
		case strings.HasPrefix(part, "-"):
			return part
		case strings.HasPrefix(part, "@"):
			if isClip(part[1:]) {
				return part
			}
			return "@" + r.Text(part[1:])
		}
		if header := headerPart.FindStringSubmatch(part); header != nil {
			if value := strings.TrimSpace(header[2]); value == "" || r.keep("", value) {
				return part
			}
			return header[1] + r.Text(header[2])
		}
		if name, value, isField := strings.Cut(part, "="); isField && fieldName.MatchString(name) && !r.isPrivate(name) {
			return name + "=" + r.Text(value)
		}
		if isClip(part) || r.isKnown(part) {
			return part
		}
		return r.Text(part)
	})
}
