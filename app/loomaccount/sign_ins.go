package loomaccount

import (
	"slices"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
)

// The limits of sign-ins that wait for the person. The oldest ones give way.
const (
	signInLifetime   = 10 * time.Minute
	maxSignInsOfUser = 3
	maxSignIns       = 1000
	maxRegistrations = 20

	registrationLifetime = time.Hour // Atlassian may forget one without saying so to this server
)

// signIn is a sign-in that waits for the person.
type signIn struct {
	database     string
	server       oauth.Server
	registration oauth.Registration
	pending      oauth.Pending
	expires      time.Time
}

// signIns are the sign-ins of all people that wait for them. They don't survive the process: people start again.
type signIns struct {
	mu            sync.Mutex
	waiting       []signIn                    // oldest first
	registrations map[string]keptRegistration // by redirect URI; each sign-in at the same origin can use it
}

// keptRegistration is a registration that further sign-ins use until it expires.
type keptRegistration struct {
	oauth.Registration
	expires time.Time
}

func newSignIns() *signIns { return &signIns{registrations: map[string]keptRegistration{}} }

func (s *signIns) add(attempt signIn, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, attempt)
	own := 0
	for i := len(s.waiting) - 1; i >= 0; i-- { // newest first
		if s.waiting[i].database == attempt.database {
			if own++; own > maxSignInsOfUser {
				s.waiting[i].expires = time.Time{}
			}
		}
	}
	s.waiting = slices.DeleteFunc(s.waiting, func(old signIn) bool { return !old.expires.After(now) })
	s.waiting = slices.Delete(s.waiting, 0, max(len(s.waiting)-maxSignIns, 0))
}

// take removes and returns the sign-in with a state, unless it is another person's or has expired.
func (s *signIns) take(state, database string, now time.Time) (signIn, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.waiting, func(attempt signIn) bool {
		return attempt.database == database && attempt.expires.After(now) && attempt.pending.Matches(state)
	})
	if i < 0 {
		return signIn{}, false
	}
	attempt := s.waiting[i]
	s.waiting = slices.Delete(s.waiting, i, i+1)
	return attempt, true
}

// registration returns the registration for a redirect URI, if it can still be used.
func (s *signIns) registration(server oauth.Server, redirect string, now time.Time) (oauth.Registration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.registrations[redirect]
	return kept.Registration, ok && kept.expires.After(now) && kept.Fits(server, redirect, now)
}

func (s *signIns) keepRegistration(redirect string, registration oauth.Registration, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, replaces := s.registrations[redirect]; replaces || len(s.registrations) < maxRegistrations {
		s.registrations[redirect] = keptRegistration{registration, now.Add(registrationLifetime)}
	}
}

func (s *signIns) dropRegistration(redirect string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.registrations, redirect)
}
