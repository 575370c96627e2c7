package userdb

import (
	"slices"
	"sync"
)

// listeners holds the functions to call when a database is opened, closed or changed. Safe for
// concurrent use.
type listeners struct {
	mu         sync.Mutex
	opened     []func(*Database)
	closing    []func(*Database)
	changed    []func(userID, name string)
	unfinished []Unfinished
}

// UserChanged must be called after a user or a superuser was changed or deleted, so that sessions are
// checked against the new state. It notifies the listeners of OnChange.
func (s *Service) UserChanged(userID string) { s.notifyChanged(userID, "") }

// RegistryChanged must be called after a registry row was changed or deleted. Otherwise it is the same
// as UserChanged.
func (s *Service) RegistryChanged(userID, name string) { s.notifyChanged(userID, name) }

// AllUsersChanged must be called when the sessions of all users or superusers may have been revoked.
// Otherwise it is the same as UserChanged.
func (s *Service) AllUsersChanged() { s.notifyChanged("", "") }

// OnChange registers a function that is called after a user changed, with an empty name, and after a
// registry row changed, with the user and the name of the database. If both are empty, every user and
// superuser may have changed.
func (s *Service) OnChange(fn func(userID, name string)) {
	s.listeners.mu.Lock()
	defer s.listeners.mu.Unlock()
	s.listeners.changed = append(s.listeners.changed, fn)
}

// OnOpened registers a function that is called after a database was opened, before its first use.
func (s *Service) OnOpened(fn func(*Database)) {
	s.listeners.mu.Lock()
	defer s.listeners.mu.Unlock()
	s.listeners.opened = append(s.listeners.opened, fn)
}

// OnClosing registers a function that is called before a database is closed, after its last use.
func (s *Service) OnClosing(fn func(*Database)) {
	s.listeners.mu.Lock()
	defer s.listeners.mu.Unlock()
	s.listeners.closing = append(s.listeners.closing, fn)
}

func (s *Service) notifyChanged(userID, name string) {
	s.registry.Forget(userID, name)
	for _, notify := range registered(&s.listeners, &s.listeners.changed) {
		notify(userID, name)
	}
}

func (s *Service) notifyOpened(db *Database) {
	for _, notify := range registered(&s.listeners, &s.listeners.opened) {
		notify(db)
	}
}

func (s *Service) notifyClosing(db *Database) {
	for _, notify := range registered(&s.listeners, &s.listeners.closing) {
		notify(db)
	}
}

// registered copies a list of listeners, so that they are called without the lock.
func registered[F any](l *listeners, list *[]F) []F {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(*list)
}
