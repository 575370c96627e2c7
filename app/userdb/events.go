package userdb

// listeners are told of what happens to databases.
type listeners struct {
	opened  []func(*Database)
	closing []func(*Database)
	changed []func(userID, name string)
}

// UserChanged must be called after a user or a superuser was changed or deleted:
// sessions are checked against the new state from then on, and streams whose
// session it ended are closed.
func (s *Service) UserChanged(userID string) { s.changed(userID, "") }

// RegistryChanged is UserChanged for a row of the registry.
func (s *Service) RegistryChanged(userID, name string) { s.changed(userID, name) }

func (s *Service) changed(userID, name string) {
	s.registry.Forget(userID, name)
	for _, changed := range s.listeners().changed {
		changed(userID, name)
	}
}

// OnChange calls fn after every change of a user or a row.
func (s *Service) OnChange(fn func(userID, name string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notify.changed = append(s.notify.changed, fn)
}

// OnOpened calls fn with every database that was opened, before its first use.
func (s *Service) OnOpened(fn func(*Database)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notify.opened = append(s.notify.opened, fn)
}

// OnClosing calls fn with every database that is about to be closed, after its
// last use.
func (s *Service) OnClosing(fn func(*Database)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notify.closing = append(s.notify.closing, fn)
}

func (s *Service) listeners() listeners {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notify
}
