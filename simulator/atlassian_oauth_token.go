package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
)

// oauthError is an error response of the token endpoint.
type oauthError struct {
	status            int
	code, description string
}

// postToken exchanges a code or a refresh token for new tokens.
func (s *Server) postToken(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	if err := r.ParseForm(); err != nil {
		writeOAuthError(w, &oauthError{http.StatusBadRequest, "invalid_request", "the body is not a form"})
		return
	}
	answer, problem := s.atlassian.issueTokens(r, s.baseURL(r)+mcpPath)
	if problem != nil {
		writeOAuthError(w, problem)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, answer)
}

// issueTokens returns the answer to a request for tokens. The caller writes it without the mutex, because a fault may hold
// it.
func (a *atlassian) issueTokens(r *http.Request, resource string) (map[string]any, *oauthError) {
	a.mu.Lock()
	defer a.mu.Unlock()
	client, problem := a.authenticateClient(r)
	if problem != nil {
		return nil, problem
	}
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		return a.exchangeCode(client, r.PostForm, resource)
	case "refresh_token":
		return a.refreshToken(client, r.PostForm, resource)
	}
	return nil, &oauthError{http.StatusBadRequest, "unsupported_grant_type", ""}
}

// authenticateClient returns the client of a request. A client that was given a secret must send it, in one of two ways.
func (a *atlassian) authenticateClient(r *http.Request) (*oauthClient, *oauthError) {
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if user, password, ok := r.BasicAuth(); ok {
		// RFC 6749, section 2.3.1: both are form-encoded first.
		id, _ = url.QueryUnescape(user)
		secret, _ = url.QueryUnescape(password)
	}
	client := a.oauth.clients[id]
	if client == nil || client.secret != secret {
		return nil, &oauthError{http.StatusUnauthorized, "invalid_client", "unknown client or wrong secret"}
	}
	return client, nil
}

func (a *atlassian) exchangeCode(client *oauthClient, form url.Values, resource string) (map[string]any, *oauthError) {
	code := a.oauth.codes[form.Get("code")]
	delete(a.oauth.codes, form.Get("code"))
	challenge := sha256.Sum256([]byte(form.Get("code_verifier")))
	switch {
	case code == nil || code.client != client.id || code.expires.Before(a.now()):
		return nil, &oauthError{http.StatusBadRequest, "invalid_grant", "the code is not valid"}
	case code.redirect != form.Get("redirect_uri"):
		return nil, &oauthError{http.StatusBadRequest, "invalid_grant", "redirect_uri differs"}
	case code.challenge != base64.RawURLEncoding.EncodeToString(challenge[:]):
		return nil, &oauthError{http.StatusBadRequest, "invalid_grant", "code_verifier is wrong"}
	case form.Get("resource") != resource:
		return nil, &oauthError{http.StatusBadRequest, "invalid_request", "Invalid context provided"}
	}
	a.oauth.grants = append(a.oauth.grants, code.grant)
	a.stats.Exchanges++
	return code.grant.issue(a.now(), false), nil
}

// refreshToken exchanges a refresh token, which is good for one use: when it arrives again, nobody can know which of the
// two senders is the client, and the grant ends.
func (a *atlassian) refreshToken(client *oauthClient, form url.Values, resource string) (map[string]any, *oauthError) {
	g, current := a.oauth.findRefresh(form.Get("refresh_token"))
	if g != nil && !current {
		a.stats.ReusedRefresh++
		g.dead = true
	}
	if g == nil || g.dead || g.client != client.id || g.expires.Before(a.now()) {
		if a.behaviour.DeadRefresh403 {
			return nil, &oauthError{http.StatusForbidden, "unauthorized_client", "refresh_token is invalid"}
		}
		return nil, &oauthError{http.StatusBadRequest, "invalid_grant", "the refresh token is not valid"}
	}
	a.stats.Refreshes++
	return g.issue(a.now(), form.Get("resource") != resource), nil
}

// postRevoke ends the grant of a token. As RFC 7009 wants it, unknown tokens are no error.
func (s *Server) postRevoke(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	if err := r.ParseForm(); err != nil {
		writeOAuthError(w, &oauthError{http.StatusBadRequest, "invalid_request", "the body is not a form"})
		return
	}
	a := s.atlassian
	a.mu.Lock()
	defer a.mu.Unlock()
	client, problem := a.authenticateClient(r)
	if problem != nil {
		writeOAuthError(w, problem)
		return
	}
	token := r.PostForm.Get("token")
	for _, g := range a.oauth.grants {
		_, isAccess := g.access[token]
		if !g.dead && g.client == client.id && (isAccess || token != "" && token == g.refresh || slices.Contains(g.used, token)) {
			g.dead = true
			a.stats.Revocations++
		}
	}
	writeBody(w, http.StatusOK, "", nil)
}

func writeOAuthError(w http.ResponseWriter, e *oauthError) {
	writeJSON(w, e.status, map[string]string{"error": e.code, "error_description": e.description})
}
