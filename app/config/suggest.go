package config

import "strings"

// sameFamily reports whether key starts like one of ours: SMTP_…, USER_….
func sameFamily(key string) bool {
	family, _, ok := strings.Cut(strings.ToUpper(key), "_")
	if !ok {
		return false
	}
	for _, f := range fields {
		if strings.HasPrefix(f.Key, family+"_") {
			return true
		}
	}
	return false
}

// nearest is the setting at most two edits from key, or empty.
func nearest(key string) string {
	best, least := "", 3
	for _, f := range fields {
		if d := edits(strings.ToUpper(key), f.Key); d < least {
			best, least = f.Key, d
		}
	}
	return best
}

// edits is the Levenshtein distance over bytes: keys are ASCII, and for others
// any number will do.
func edits(a, b string) int {
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
