package registry

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// maxUsername limits the last part of a name, so that names stay far below the 255 bytes that file
// systems allow.
const maxUsername = 40

var namePattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}-\d{3,9}-[a-z0-9][a-z0-9._-]{0,39}$`)

// ValidName reports whether s has the form of a user database name, yyyy-mm-dd-XXX-username. Check
// every name before it becomes part of a path: a valid one contains no separator and cannot be a
// relative path.
func ValidName(s string) bool {
	return namePattern.MatchString(s) && !strings.HasSuffix(s, ".")
}

// formatName returns the name of a database, such as 2024-01-15-001-johndoe for the first one of 15
// January 2024. A sequence number above 999 takes more digits.
func formatName(date string, seq int, username string) string {
	return fmt.Sprintf("%s-%03d-%s", date, seq, username)
}

// usernameFrom derives the last part of a name from an e-mail address: the part before the @ in lower
// case, without characters outside [a-z0-9._-]. The result has 1 to 40 bytes and neither starts nor
// ends with punctuation.
func usernameFrom(email string) string {
	local := email
	if at := strings.LastIndexByte(email, '@'); at >= 0 {
		local = email[:at]
	}
	reduced := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return -1
	}, strings.ToLower(local))
	for strings.Contains(reduced, "..") {
		reduced = strings.ReplaceAll(reduced, "..", ".")
	}
	if len(reduced) > maxUsername {
		reduced = reduced[:maxUsername]
	}
	reduced = strings.Trim(reduced, "._-")
	if reduced == "" {
		return "user"
	}
	return reduced
}

// dateOf returns the UTC date of a time, as it appears in names.
func dateOf(t time.Time) string {
	return t.UTC().Format(time.DateOnly)
}
