package fathom

import "encoding/json"

// Decode returns a value that a user database contains as JSON. It returns the zero value for anything that isn't a T, which
// only a damaged database contains.
func Decode[T any](stored string) (value T) {
	var decoded T
	if json.Unmarshal([]byte(stored), &decoded) != nil {
		return value
	}
	return decoded
}
