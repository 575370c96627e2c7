package userdb

import (
	"context"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// WithPorts lists the databases of this server to which a port is assigned.
func (s *Service) WithPorts(ctx context.Context) ([]registry.Entry, error) {
	return s.registry.WithPorts(ctx)
}

// SetPort assigns a port to a database, or takes it away if port is 0, and records when the last
// session issued for the database expires. It returns registry.ErrNotFound if the database is unknown,
// or if it is not ready and port is positive, and registry.ErrElsewhere if it is on another server.
func (s *Service) SetPort(ctx context.Context, name string, port int, sessionsUntil time.Time) error {
	entry, err := s.registry.ByName(ctx, name)
	if err != nil {
		return err
	}
	if port > 0 && entry.Status != registry.StatusReady {
		return registry.ErrNotFound
	}
	return s.registry.Change(ctx, entry, registry.Fields{"port": port, "sessions_until": sessionsUntil})
}

// ReleasePorts removes all port assignments that an earlier process left behind.
func (s *Service) ReleasePorts(ctx context.Context) error {
	entries, err := s.WithPorts(ctx)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := s.SetPort(ctx, entry.Name, 0, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}
