package userdb

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// maxUsername bounds the last part of a name, so that a name stays far below
// the 255 bytes a file name may have.
const maxUsername = 40

var namePattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}-\d{3,9}-[a-z0-9][a-z0-9._-]{0,39}$`)

// ValidName reports whether s has the form of a user database's name,
// yyyy-mm-dd-XXX-username. Nothing touches the disk for a name that has not
// passed it: such a name has no separator and can't be a relative path.
func ValidName(s string) bool {
	return namePattern.MatchString(s) && !strings.HasSuffix(s, ".")
}

// formatName gives 2024-01-15-001-johndoe for the first johndoe@example.com of
// 15 January 2024 (UTC). From 1000 on the sequence just grows wider.
func formatName(day string, seq int, username string) string {
	return fmt.Sprintf("%s-%03d-%s", day, seq, username)
}

// username reduces an e-mail address to the last part of a name: what stands
// before the @, in lower case, with everything outside [a-z0-9._-] left out.
// It is never empty, never starts or ends with punctuation and has at most 40
// bytes.
func username(email string) string {
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

func day(t time.Time) string {
	return t.UTC().Format(time.DateOnly)
}
