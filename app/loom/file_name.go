package loom

import (
	"strings"
	"time"
	"unicode"
)

const (
	maxFileName = 120 // bytes, with date and extension
	maxExt      = 8   // with its dot
	fallback    = "Meeting"

	zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
)

// FileName names a recording's file so that Loom, which takes the title from the
// base name, shows a good one: "Weekly sync 2026-01-02.mp4". It is safe on every
// common file system, at most 120 bytes and never empty. The date is left out when
// zero and not repeated; ext may come with or without its dot.
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
	room := maxFileName - len(ext)
	if date != "" {
		base = strings.TrimSuffix(base, date)
		room -= len(date) + 1
	}
	base = trimName(cutBytes(trimName(base), room))
	if !nameable(base) {
		base = fallback
	}
	if reserved(base) {
		base = trimName(cutBytes(fallback+" "+base, room))
	}
	if date != "" {
		base += " " + date
	}
	return base + ext
}

// cleanName keeps letters and signs of any script; what some file system or shell
// would take for more than a name becomes a space.
func cleanName(title string) string {
	title = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar, strings.ContainsRune(`/\:*?"<>|`, r):
			return ' '
		case unicode.IsSpace(r):
			return ' '
		case r == zeroWidthJoiner, r == zeroWidthNonJoiner: // spelling, in some scripts
			return r
		case !unicode.IsGraphic(r): // control, text direction, private use
			return -1
		}
		return r
	}, strings.ToValidUTF8(title, " "))
	return trimName(strings.Join(strings.Fields(title), " "))
}

// trimName removes what must not begin or end a name: dots hide a file or vanish
// on Windows, a dash begins an option.
func trimName(s string) string {
	return strings.TrimRight(strings.TrimLeft(s, ".- "+string(zeroWidthJoiner)+string(zeroWidthNonJoiner)), ". ")
}

func nameable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r)
	})
}

// reserved says whether Windows takes the name for a device, whatever its ending.
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file
func reserved(name string) bool {
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

// cleanExt is ".mp4" for "MP4" or ".mp4", and blank for what is no extension.
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
