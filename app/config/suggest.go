package config

import "strings"

// suggest returns a warning about a key in a .env file that looks like a misspelt setting, or an
// empty string. Keys that resemble no setting are left alone: the file may configure other programs.
func suggest(key string) string {
	similar := nearest(key)
	if similar == "" && !sharesPrefix(key) {
		return ""
	}
	warning := key + " is not a setting and has no effect"
	if similar != "" {
		warning += "; did you mean " + similar + "?"
	}
	return warning
}

// sharesPrefix reports whether key has the first word of a setting, such as SMTP_ or USER_.
func sharesPrefix(key string) bool {
	word, _, ok := strings.Cut(strings.ToUpper(key), "_")
	if !ok {
		return false
	}
	for _, f := range fields {
		if strings.HasPrefix(f.Key, word+"_") {
			return true
		}
	}
	return false
}

// nearest returns the setting that is at most two edits away from key, or an empty string.
func nearest(key string) string {
	best, least := "", 3
	for _, f := range fields {
		if d := editDistance(strings.ToUpper(key), f.Key); d < least {
			best, least = f.Key, d
		}
	}
	return best
}

// editDistance returns the Levenshtein distance in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(diagonal+cost, row[j]+1, row[j+1]+1)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
