package simulator

import (
	"maps"
	"slices"
)

// AtlassianStats counts what arrived on the Atlassian side.
type AtlassianStats struct {
	Calls         map[string]int `json:"calls"`          // by documented name of the operation, failed ones included
	MaxParallel   int            `json:"max_parallel"`   // the most calls of one account at the same time
	Registrations int            `json:"registrations"`  // of OAuth clients
	Exchanges     int            `json:"exchanges"`      // of codes for tokens
	Refreshes     int            `json:"refreshes"`      // successful ones
	ReusedRefresh int            `json:"reused_refresh"` // refresh tokens that arrived twice, which ended their grant
	Revocations   int            `json:"revocations"`
	Grants        int            `json:"grants"` // that are alive
}

// AtlassianStats returns the counts since New or Reset.
func (s *Server) AtlassianStats() AtlassianStats {
	a := s.atlassian
	a.mu.Lock()
	defer a.mu.Unlock()
	stats := a.stats
	stats.Calls = maps.Clone(stats.Calls)
	stats.Grants = a.oauth.countGrants()
	return stats
}

// AtlassianUploads returns all uploads that createLoomVideoUpload created, oldest first. The videos of those that were
// published are in Uploads, too.
func (s *Server) AtlassianUploads() []AtlassianUpload {
	a := s.atlassian
	a.mu.Lock()
	defer a.mu.Unlock()
	out := make([]AtlassianUpload, len(a.uploads))
	for i, u := range a.uploads {
		out[i] = u.AtlassianUpload
	}
	return out
}

// ExpireAtlassianUploads makes the addresses of all uploads invalid.
func (s *Server) ExpireAtlassianUploads() {
	a := s.atlassian
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, u := range a.uploads {
		u.Expires = a.now().Add(-1)
	}
}

// LoseAtlassianSessions ends the MCP sessions of all clients. The next request of each gets a 404.
func (s *Server) LoseAtlassianSessions() { s.atlassian.closeSessions() }

func (a *atlassian) recordViolation(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.violations = append(a.violations, text)
}

func (a *atlassian) listViolations() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.violations)
}

// beginCall counts a call. It returns false if the account has too many at the same time; otherwise the caller must
// call endCall.
func (a *atlassian) beginCall(c caller, operation string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if limit := a.behaviour.MaxParallel; limit > 0 && a.inFlight[c.email] >= limit {
		return false
	}
	a.stats.Calls[operation]++
	a.inFlight[c.email]++
	a.stats.MaxParallel = max(a.stats.MaxParallel, a.inFlight[c.email])
	return true
}

func (a *atlassian) endCall(c caller) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.inFlight[c.email]--
}
