package loom

import (
	"strings"
	"time"
	"unicode"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

const (
	maxFileName  = 120 // bytes, including date and extension
	maxExt       = 8   // bytes, including the dot
	fallbackName = "Meeting"

	zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
)

// FileName names a recording's file so that Loom, which takes the title from the base name, shows a good
// one: "Weekly sync 2026-01-02.mp4". The name is valid on every common file system, at most 120 bytes
// and never empty. A zero date is left out, and a date that the title ends with is not repeated. ext may
// have a leading dot.
func FileName(title string, recordedAt time.Time, ext string) string {
	ext = cleanExt(ext)
	date := ""
	if !recordedAt.IsZero() {
		date = recordedAt.Format(time.DateOnly)
	}

	base := cleanName(title)
	if ext != "" && len(base) > len(ext) && strings.EqualFold(base[len(base)-len(ext):], ext) {
		base = base[:len(base)-len(ext)]
	}
	limit := maxFileName - len(ext)
	if date != "" {
		base = strings.TrimSuffix(base, date)
		limit -= len(date) + 1
	}
	base = trimName(sanitize.TruncateBytes(trimName(base), limit))
	if !hasVisibleCharacter(base) {
		base = fallbackName
	}
	if isReservedName(base) {
		base = trimName(sanitize.TruncateBytes(fallbackName+" "+base, limit))
	}
	if date != "" {
		base += " " + date
	}
	return base + ext
}

// cleanName keeps letters and symbols of any script. Characters with a special meaning on some file
// system or in some shell become spaces.
func cleanName(title string) string {
	title = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar, strings.ContainsRune(`/\:*?"<>|`, r):
			return ' '
		case unicode.IsSpace(r):
			return ' '
		case r == zeroWidthJoiner, r == zeroWidthNonJoiner: // some scripts need them
			return r
		case !unicode.IsGraphic(r): // control, text direction, private use
			return -1
		}
		return r
	}, strings.ToValidUTF8(title, " "))
	return trimName(strings.Join(strings.Fields(title), " "))
}

// trimName removes characters that a name must not start or end with: a leading dot hides the file, a
// leading dash looks like an option, and Windows removes trailing dots.
func trimName(s string) string {
	return strings.TrimRight(strings.TrimLeft(s, ".- "+string(zeroWidthJoiner)+string(zeroWidthNonJoiner)), ". ")
}

func hasVisibleCharacter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r)
	})
}

// isReservedName reports whether Windows uses the name for a device, whatever its extension.
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file
func isReservedName(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimSpace(stem))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	port := []rune(stem)
	return len(port) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) &&
		strings.ContainsRune("0123456789¹²³", port[3])
}

// cleanExt returns ".mp4" for "MP4" and ".mp4", and a blank string for an invalid extension.
func cleanExt(ext string) string {
	ext = "." + strings.ToLower(strings.TrimPrefix(strings.TrimSpace(ext), "."))
	if len(ext) < 2 || len(ext) > maxExt {
		return ""
	}
	for _, r := range ext[1:] {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return ""
		}
	}
	return ext
}
