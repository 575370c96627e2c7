package tokens

import "slices"

// Scope is what a token allows. Scopes are stored and sent to clients, so that their texts must not change.
type Scope string

// The scopes. None includes another.
const (
	Read     Scope = "read"     // list and view records, follow them, and download files
	Transfer Scope = "transfer" // create and cancel the jobs that sync meetings and transfer recordings
	Share    Scope = "share"    // list, create, change and revoke links to recordings
)

// Scopes returns all scopes.
func Scopes() []Scope { return []Scope{Read, Transfer, Share} }

// sortScopes returns the scopes of a list in the order of Scopes, each once, and false if there is an unknown one.
func sortScopes(list []Scope) ([]Scope, bool) {
	var sorted []Scope
	for _, scope := range Scopes() {
		if slices.Contains(list, scope) {
			sorted = append(sorted, scope)
		}
	}
	isUnknown := func(scope Scope) bool { return !slices.Contains(sorted, scope) }
	return sorted, !slices.ContainsFunc(list, isUnknown)
}
