package simulator

import "time"

// oauthState is what the authorization server remembers.
type oauthState struct {
	access map[string]accessToken
}

type accessToken struct {
	caller
	expires time.Time
}

func newOAuthState() oauthState { return oauthState{access: map[string]accessToken{}} }

// findCaller returns the caller with this access token.
func (st *oauthState) findCaller(token string, now time.Time) (caller, bool) {
	t, ok := st.access[token]
	if !ok || t.expires.Before(now) {
		return caller{}, false
	}
	return t.caller, true
}

func (st *oauthState) countGrants() int { return 0 }
