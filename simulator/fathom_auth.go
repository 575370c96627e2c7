package simulator

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// client is who calls: one API key or one OAuth token.
type client struct {
	key   string
	oauth bool
	admin bool
}

// clientBook knows the credentials that are accepted.
type clientBook struct {
	cfg     Config
	mu      sync.Mutex
	revoked map[string]bool
}

func newClientBook(cfg Config) *clientBook {
	return &clientBook{cfg: cfg, revoked: map[string]bool{}}
}

func (b *clientBook) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.revoked)
}

// RevokeKey makes a key or token answer 401 from now on, as when its user deletes it in the settings.
func (s *Server) RevokeKey(key string) {
	s.clients.mu.Lock()
	defer s.clients.mu.Unlock()
	s.clients.revoked[key] = true
}

// identify tells who sent r. A key wins over a token; the official SDK never sends both.
func (b *clientBook) identify(r *http.Request) (client, bool) {
	c := client{key: r.Header.Get("X-Api-Key")}
	known := b.cfg.APIKeys
	if c.key == "" {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return client{}, false
		}
		c = client{key: strings.TrimSpace(token), oauth: true}
		known = b.cfg.OAuthTokens
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.key == "" || b.revoked[c.key] || !slices.Contains(known, c.key) {
		return client{}, false
	}
	c.admin = slices.Contains(b.cfg.AdminKeys, c.key)
	return c, true
}

// apiHandler answers one operation of the API to a caller who is known.
type apiHandler func(w http.ResponseWriter, r *http.Request, c client)

// api asks for a credential and charges the caller's rate buckets.
func (s *Server) api(next apiHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, ok := s.clients.identify(r)
		if !ok {
			writeError(w, http.StatusUnauthorized, "invalid or missing credentials")
			return
		}
		if !s.limiter.admit(w, r, c) {
			writeError(w, http.StatusTooManyRequests, "rate limited")
			return
		}
		next(w, r, c)
	})
}
