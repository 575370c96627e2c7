package simulator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// consentProblem is what the page says instead of returning to the client. The client doesn't learn of it.
type consentProblem string

func (p consentProblem) Error() string { return string(p) }

// getConsentPage shows what the client asks for. It changes nothing.
func (s *Server) getConsentPage(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	client, err := s.findConsentClient(query)
	if err != nil {
		s.writeHTML(w, http.StatusBadRequest, "consent_problem", err.Error())
		return
	}
	s.writeHTML(w, http.StatusOK, "consent", map[string]any{
		"Query": query, "Client": client.id, "Scopes": strings.Fields(query.Get("scope")), "Account": s.atlassian.cfg.OAuthEmail,
		"Sites": s.atlassian.cfg.Sites,
	})
}

// postConsent handles the buttons of the page.
func (s *Server) postConsent(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	if err := r.ParseForm(); err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	callback, err := s.consent(s.baseURL(r), r.PostForm, r.PostForm.Get("decision") == "accept", r.PostForm.Get("site"))
	if err != nil {
		s.writeHTML(w, http.StatusBadRequest, "consent_problem", err.Error())
		return
	}
	http.Redirect(w, r, callback, http.StatusFound)
}

// Consent does what a user does at the address to which a client sends them: it accepts for the first site. It returns
// the address to which the user's browser would then go. It returns an error with the text of the page if the browser
// would stay there, and ctx.Err if ctx has ended.
func (s *Server) Consent(ctx context.Context, authorizeURL string) (callbackURL string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	u, err := url.Parse(authorizeURL)
	if err != nil {
		return "", errors.New("consent: the address is malformed")
	}
	if u.Path != authPath+"/authorize" {
		return "", fmt.Errorf("consent: %s is not the page of the authorization server", u.Path)
	}
	callback, err := s.consent(s.URL(), u.Query(), true, "")
	if err != nil {
		return "", fmt.Errorf("consent: %w", err)
	}
	return callback, nil
}

// consent returns the address to which the user's browser goes after the decision.
func (s *Server) consent(base string, query url.Values, accepted bool, site string) (string, error) {
	client, err := s.findConsentClient(query)
	if err != nil {
		return "", err
	}
	answer := url.Values{"state": {query.Get("state")}}
	redirect, _ := url.Parse(query.Get("redirect_uri")) // it was parsed when the client was registered
	reply := func() string {
		out := *redirect
		merged := out.Query()
		for name, values := range answer {
			merged[name] = values
		}
		out.RawQuery = merged.Encode()
		return out.String()
	}
	a := s.atlassian
	a.mu.Lock()
	defer a.mu.Unlock()
	if accepted {
		if err := a.refuseConsent(query, redirect, base); err != nil {
			return "", err
		}
	}
	scopes, valid := parseScopes(query.Get("scope"))
	switch {
	case !accepted:
		answer.Set("error", "access_denied")
	case a.behaviour.ConsentError != "":
		code, description, _ := strings.Cut(a.behaviour.ConsentError, ": ")
		answer.Set("error", code)
		answer.Set("error_description", description)
	case query.Get("response_type") != "code":
		answer.Set("error", "unsupported_response_type")
	case query.Get("code_challenge") == "" || query.Get("code_challenge_method") != "S256":
		answer.Set("error", "invalid_request")
		answer.Set("error_description", "code_challenge with S256 is required")
	case !valid:
		answer.Set("error", "invalid_scope")
	default:
		if site == "" {
			site = a.cfg.Sites[0].ID
		}
		code := newID(24)
		a.oauth.codes[code] = &oauthCode{
			client: client.id, redirect: query.Get("redirect_uri"), challenge: query.Get("code_challenge"), expires: a.now().Add(codeLifetime),
			grant: &oauthGrant{
				caller: caller{email: a.cfg.OAuthEmail, kind: callerOAuth, scopes: scopes, site: site},
				client: client.id, access: map[string]accessToken{},
			},
		}
		answer.Set("code", code)
	}
	return reply(), nil
}

// findConsentClient returns the client of an authorization request whose redirect URI is its own.
func (s *Server) findConsentClient(query url.Values) (*oauthClient, error) {
	a := s.atlassian
	a.mu.Lock()
	defer a.mu.Unlock()
	client := a.oauth.clients[query.Get("client_id")]
	switch {
	case client == nil:
		return nil, consentProblem("invalid_client: unknown client_id")
	case !slices.Contains(client.redirects, query.Get("redirect_uri")):
		return nil, consentProblem("invalid_request: redirect_uri is not registered")
	case len(a.cfg.Sites) == 0:
		return nil, consentProblem("Your account has no site that supports this app.")
	}
	return client, nil
}

// refuseConsent returns what the page says if an accepted request ends there. It requires a.mu.
func (a *atlassian) refuseConsent(query url.Values, redirect *url.URL, base string) error {
	origin := redirect.Scheme + "://" + redirect.Host
	switch {
	case a.behaviour.ConsentRefused != "":
		return consentProblem(a.behaviour.ConsentRefused)
	case !isLoopbackRedirect(redirect) && a.behaviour.DomainsBlocked:
		return consentProblem("Your admin has blocked this domain: " + redirect.Host)
	case !isLoopbackRedirect(redirect) && !slices.Contains(a.behaviour.AllowedDomains, origin):
		return consentProblem("invalid_request: " + redirect.Host + " is not an allowed domain")
	case query.Get("resource") != base+mcpPath:
		return consentProblem("invalid_request: Invalid context provided")
	case a.behaviour.ScopesRefused && query.Get("scope") != "":
		return consentProblem("invalid_request")
	}
	return nil
}

// parseScopes returns the scopes of a request, and false if one of them is unknown. No scopes means all.
func parseScopes(text string) (scopes []string, valid bool) {
	scopes = strings.Fields(text)
	if len(scopes) == 0 {
		return advertisedScopes, true
	}
	return scopes, !slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(advertisedScopes, scope) })
}
