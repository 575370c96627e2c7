package filename

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	maxExt   = 8 // bytes, including the dot
	fallback = "Meeting"

	zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
)

// clean keeps letters and symbols of any script. Characters with a special meaning on some file system or in some shell
// become spaces.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
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
	}, norm.NFC.String(strings.ToValidUTF8(text, " ")))
	return trim(strings.Join(strings.Fields(text), " "))
}

// trim removes characters that a name must not start or end with: a leading dot hides the file, a
// leading dash looks like an option, and Windows removes trailing dots.
func trim(s string) string {
	return strings.TrimRight(strings.TrimLeft(s, ".- "+string(zeroWidthJoiner)+string(zeroWidthNonJoiner)), ". ")
}

func hasVisibleCharacter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r)
	})
}

// isReserved reports whether Windows uses the name for a device, whatever its extension.
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file
func isReserved(name string) bool {
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
