package simulator

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// client is an authenticated caller of the Fathom API: one API key or one OAuth token.
type client struct {
	key   string
	oauth bool
	admin bool
}

// credentialStore checks credentials against the accepted and the revoked ones.
type credentialStore struct {
	cfg     Config
	mu      sync.Mutex
	revoked map[string]bool
}

func newCredentialStore(cfg Config) *credentialStore {
	return &credentialStore{cfg: cfg, revoked: map[string]bool{}}
}

func (st *credentialStore) reset() {
	st.mu.Lock()
	defer st.mu.Unlock()
	clear(st.revoked)
}

// RevokeKey revokes a key or token, as if its user had deleted it in the settings. Requests that use it
// get a 401 until Reset.
func (s *Server) RevokeKey(key string) {
	s.credentials.mu.Lock()
	defer s.credentials.mu.Unlock()
	s.credentials.revoked[key] = true
}

// authenticate returns the client that sent r. A key takes precedence over a token; the official SDK
// never sends both.
func (st *credentialStore) authenticate(r *http.Request) (client, bool) {
	c := client{key: r.Header.Get("X-Api-Key")}
	accepted := st.cfg.APIKeys
	if c.key == "" {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return client{}, false
		}
		c = client{key: strings.TrimSpace(token), oauth: true}
		accepted = st.cfg.OAuthTokens
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if c.key == "" || st.revoked[c.key] || !slices.Contains(accepted, c.key) {
		return client{}, false
	}
	c.admin = slices.Contains(st.cfg.AdminKeys, c.key)
	return c, true
}

// apiHandler handles one operation of the Fathom API for an authenticated client.
type apiHandler func(w http.ResponseWriter, r *http.Request, c client)

// authenticated requires valid credentials and enforces the rate limits before it calls next.
func (s *Server) authenticated(next apiHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, ok := s.credentials.authenticate(r)
		if !ok {
			writeError(w, http.StatusUnauthorized, "invalid or missing credentials")
			return
		}
		if !s.limiter.allow(w, r, c) {
			writeError(w, http.StatusTooManyRequests, "rate limited")
			return
		}
		if !s.replay(w, r) {
			next(w, r, c)
		}
	})
}
