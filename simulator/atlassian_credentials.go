package simulator

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

// Scopes that the operations need. Atlassian advertises 38.
const (
	scopeMe        = "read:me"
	scopeAccount   = "read:account"
	scopeLoomRead  = "read:loom:agent-interface"
	scopeLoomWrite = "write:loom:agent-interface"
	scopeOffline   = "offline_access"
)

// caller is an account with a credential that was accepted.
type caller struct {
	email  string
	kind   callerKind
	scopes []string // nil means all
	site   string   // id of the only site, for which the account has consented; "" means all
	other  bool     // the token was made for another app: every call is refused

	classic bool // the token is one without scopes, which isn't even shown most tools
}

type callerKind int

const (
	callerToken callerKind = iota
	callerKey
	callerOAuth
)

func (c caller) has(scope string) bool { return c.scopes == nil || slices.Contains(c.scopes, scope) }

// rejection is a response to a request whose credentials are not accepted.
type rejection struct {
	status  int
	message string
}

const apiTokensOff = "You don't have permission to connect via API token. Ask your organization admin to enable API token authentication."

// authenticate returns the caller that sent a request with these headers. It counts nothing.
func (a *atlassian) authenticate(header http.Header) (caller, *rejection) {
	scheme, credential, _ := strings.Cut(header.Get("Authorization"), " ")
	credential = strings.TrimSpace(credential)
	a.mu.Lock()
	defer a.mu.Unlock()
	c, ok := a.findCaller(scheme, credential)
	switch {
	case credential == "":
		return caller{}, &rejection{http.StatusUnauthorized, "Missing or invalid access token"}
	case !ok && a.behaviour.DeadTokenStatus != 0:
		return caller{}, &rejection{a.behaviour.DeadTokenStatus, "invalid_token"}
	case !ok:
		return caller{}, &rejection{http.StatusUnauthorized, "invalid_token"}
	case c.kind != callerOAuth && a.behaviour.APITokensOff:
		return caller{}, &rejection{http.StatusForbidden, apiTokensOff}
	}
	return c, nil
}

// findCaller requires a.mu.
func (a *atlassian) findCaller(scheme, credential string) (caller, bool) {
	switch {
	case strings.EqualFold(scheme, "Basic"):
		raw, err := base64.StdEncoding.DecodeString(credential)
		email, token, found := strings.Cut(string(raw), ":")
		if err != nil || !found || a.revoked[token] {
			return caller{}, false
		}
		i := slices.IndexFunc(a.tokens, func(t AtlassianToken) bool { return strings.EqualFold(t.Email, email) && t.Token == token })
		if i < 0 {
			return caller{}, false
		}
		t := a.tokens[i]
		return caller{email: t.Email, kind: callerToken, scopes: t.Scopes, other: t.App != "", classic: t.App == AppClassic}, true
	case strings.EqualFold(scheme, "Bearer") && !a.revoked[credential]:
		if slices.Contains(a.cfg.ServiceKeys, credential) {
			return caller{email: "service-account@serviceaccount.atlassian.com", kind: callerKey}, true
		}
		return a.oauth.findCaller(credential, a.now())
	}
	return caller{}, false
}

// AddAtlassianToken accepts another API token until Reset.
func (s *Server) AddAtlassianToken(t AtlassianToken) {
	s.atlassian.mu.Lock()
	defer s.atlassian.mu.Unlock()
	s.atlassian.tokens = append(s.atlassian.tokens, t)
}

// RevokeAtlassian revokes an API token, a service account's key or an access token until Reset, as if its user had
// deleted it.
func (s *Server) RevokeAtlassian(credential string) {
	s.atlassian.mu.Lock()
	defer s.atlassian.mu.Unlock()
	s.atlassian.revoked[credential] = true
}
