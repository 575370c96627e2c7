package simulator

import (
	"slices"
	"time"
)

// Lifetimes of what the authorization server issues.
const (
	accessLifetime  = 8 * time.Hour
	refreshLifetime = 90 * 24 * time.Hour
	codeLifetime    = time.Minute
)

// oauthState is what the authorization server remembers.
type oauthState struct {
	clients map[string]*oauthClient // by client_id
	codes   map[string]*oauthCode
	grants  []*oauthGrant
}

// oauthClient is a registered client. It is bound to its redirect URIs.
type oauthClient struct {
	id, secret string // secret is "" for public clients
	redirects  []string
}

// oauthCode is an authorization code. It can be used once.
type oauthCode struct {
	client, redirect, challenge string
	grant                       *oauthGrant
	expires                     time.Time
}

// oauthGrant is the consent of an account, with the tokens issued for it.
type oauthGrant struct {
	caller
	client  string
	refresh string // the current token; "" without offline_access
	expires time.Time
	used    []string // refresh tokens that were exchanged for newer ones
	access  map[string]accessToken
	dead    bool // revoked, or a used refresh token arrived again
}

// accessToken describes an access token. A token for another audience is worthless to the MCP server.
type accessToken struct {
	expires       time.Time
	otherAudience bool
}

func newOAuthState() oauthState {
	return oauthState{clients: map[string]*oauthClient{}, codes: map[string]*oauthCode{}}
}

// findCaller returns the caller with this access token.
func (st *oauthState) findCaller(token string, now time.Time) (caller, bool) {
	for _, g := range st.grants {
		if t, ok := g.access[token]; ok {
			return g.caller, !g.dead && !t.otherAudience && now.Before(t.expires)
		}
	}
	return caller{}, false
}

// findRefresh returns the grant of a refresh token, and whether the token is its current one.
func (st *oauthState) findRefresh(token string) (g *oauthGrant, current bool) {
	for _, g := range st.grants {
		if token != "" && (g.refresh == token || slices.Contains(g.used, token)) {
			return g, g.refresh == token
		}
	}
	return nil, false
}

// issue returns new tokens of the grant as the token endpoint does. A refresh token replaces the one before it.
func (g *oauthGrant) issue(now time.Time, otherAudience bool) map[string]any {
	access := newID(32)
	g.access[access] = accessToken{expires: now.Add(accessLifetime), otherAudience: otherAudience}
	answer := map[string]any{
		"access_token": access, "token_type": "Bearer", "expires_in": int(accessLifetime.Seconds()), "scope": joinScopes(g.scopes),
	}
	if g.has(scopeOffline) {
		if g.refresh != "" {
			g.used = append(g.used, g.refresh)
		}
		g.refresh, g.expires = newID(32), now.Add(refreshLifetime)
		answer["refresh_token"] = g.refresh
	}
	return answer
}

func (st *oauthState) countGrants() (count int) {
	for _, g := range st.grants {
		if !g.dead {
			count++
		}
	}
	return count
}

// ExpireAtlassianAccess makes all access tokens invalid. Refresh tokens remain valid.
func (s *Server) ExpireAtlassianAccess() {
	a := s.atlassian
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, g := range a.oauth.grants {
		clear(g.access)
	}
}

// EndAtlassianGrants ends all grants, as if their users had removed the app from their accounts.
func (s *Server) EndAtlassianGrants() {
	a := s.atlassian
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, g := range a.oauth.grants {
		g.dead = true
	}
}
