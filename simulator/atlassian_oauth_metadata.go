package simulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const wellKnown = "/.well-known/"

// advertisedScopes are the 38 scopes of the MCP server. Those of Loom and of the account are Atlassian's; the others
// only make the list as long as it is.
var advertisedScopes = append([]string{scopeMe, scopeAccount, "email", scopeOffline, scopeLoomRead, scopeLoomWrite}, otherScopes()...)

func otherScopes() (out []string) {
	for _, product := range []string{"jira", "jsm", "confluence", "compass", "bitbucket", "goals", "projects", "assets"} {
		for _, verb := range []string{"read", "write", "search", "manage"} {
			out = append(out, verb+":"+product+":agent-interface")
		}
	}
	return out
}

func joinScopes(scopes []string) string { return strings.Join(scopes, " ") }

// issuer returns the issuer for clients that use base. Its path is opaque, and most endpoints aren't below it.
func (s *Server) issuer(base string) string { return base + authPath + "/" + s.atlassian.cfg.Tenant }

// bindOAuth binds the routes of the authorization server.
func (s *Server) bindOAuth(mux *http.ServeMux) {
	mux.HandleFunc("GET "+wellKnown+"oauth-protected-resource"+mcpPath, s.getProtectedResource)
	mux.HandleFunc("GET "+wellKnown+"oauth-authorization-server"+authPath+"/"+s.atlassian.cfg.Tenant, s.getAuthorizationServer)
	mux.HandleFunc("GET "+wellKnown+"oauth-authorization-server", s.getOldAuthorizationServer)
	mux.HandleFunc("POST "+authPath+"/"+s.atlassian.cfg.Tenant+"/dcr/register", s.registerClient)
	mux.HandleFunc("GET "+authPath+"/authorize", s.getConsentPage)
	mux.HandleFunc("POST "+authPath+"/authorize", s.postConsent)
	mux.HandleFunc("POST "+authPath+"/oauth/token", s.postToken)
	mux.HandleFunc("POST "+authPath+"/oauth/revoke", s.postRevoke)
}

func (s *Server) getProtectedResource(w http.ResponseWriter, r *http.Request) {
	base := s.baseURL(r)
	writeJSON(w, http.StatusOK, map[string]any{
		"resource": base + mcpPath, "authorization_servers": []string{s.issuer(base)}, "scopes_supported": advertisedScopes,
		"bearer_methods_supported": []string{"header"}, "resource_name": "Atlassian MCP Server (simulator)",
	})
}

// getAuthorizationServer lists no scopes, as Atlassian doesn't either.
func (s *Server) getAuthorizationServer(w http.ResponseWriter, r *http.Request) {
	base := s.baseURL(r)
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer": s.issuer(base), "authorization_endpoint": base + authPath + "/authorize", "token_endpoint": base + authPath + "/oauth/token",
		"revocation_endpoint": base + authPath + "/oauth/revoke", "registration_endpoint": s.issuer(base) + "/dcr/register",
		"response_types_supported": []string{"code"}, "grant_types_supported": []string{"authorization_code", "refresh_token"},
		"code_challenge_methods_supported":      []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{"none", "client_secret_post", "client_secret_basic", "private_key_jwt"},
		"client_id_metadata_document_supported": true,
	})
}

// getOldAuthorizationServer is the metadata on the host of the MCP server, which belongs to its version 1: a client that
// uses it ends up at endpoints that don't exist here.
func (s *Server) getOldAuthorizationServer(w http.ResponseWriter, r *http.Request) {
	base := s.baseURL(r)
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer": base, "authorization_endpoint": base + "/v1/authorize", "token_endpoint": base + "/v1/token",
		"registration_endpoint": base + "/v1/register", "response_types_supported": []string{"code"},
		"code_challenge_methods_supported": []string{"plain", "S256"},
	})
}

// registerClient handles dynamic registration, which needs no credentials.
func (s *Server) registerClient(w http.ResponseWriter, r *http.Request) {
	var in map[string]any
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&in); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_client_metadata", "error_description": "not JSON"})
		return
	}
	c := &oauthClient{id: newID(16)}
	listed, _ := in["redirect_uris"].([]any)
	for _, value := range listed {
		text, _ := value.(string)
		u, err := url.Parse(text)
		if err != nil || u.Fragment != "" || u.Scheme != "https" && !isLoopbackRedirect(u) {
			writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_redirect_uri"})
			return
		}
		c.redirects = append(c.redirects, text)
	}
	if len(c.redirects) == 0 {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_redirect_uri"})
		return
	}
	a := s.atlassian
	a.mu.Lock()
	defer a.mu.Unlock()
	answer := map[string]any{
		"client_id": c.id, "client_id_issued_at": a.now().Unix(), "redirect_uris": c.redirects, "client_name": in["client_name"],
		"grant_types": []string{"authorization_code", "refresh_token"}, "response_types": []string{"code"},
		"token_endpoint_auth_method": "none",
	}
	method, _ := in["token_endpoint_auth_method"].(string)
	if a.behaviour.ClientSecrets || strings.HasPrefix(method, "client_secret_") {
		c.secret = newID(24)
		answer["client_secret"], answer["client_secret_expires_at"] = c.secret, 0
		answer["token_endpoint_auth_method"] = "client_secret_post"
	}
	a.oauth.clients[c.id] = c
	a.stats.Registrations++
	writeJSON(w, http.StatusCreated, answer)
}

// isLoopbackRedirect reports whether a redirect URI needs no permission of an administrator.
func isLoopbackRedirect(u *url.URL) bool {
	return u.Scheme == "http" && slices.Contains([]string{"localhost", "127.0.0.1"}, u.Hostname())
}
