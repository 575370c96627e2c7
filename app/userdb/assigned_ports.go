package userdb

import (
	"context"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// WithPorts lists the databases that the registry gives a port.
func (s *Service) WithPorts(ctx context.Context) ([]registry.Entry, error) {
	return s.registry.WithPorts(ctx)
}

// SetPort records the port a database has, 0 for none, and until when its
// sessions may last. It returns registry.ErrNotFound for a database that is gone or can't
// be used now, and has no port.
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

// ReleasePorts takes all databases the ports away that an earlier run has given
// them.
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
