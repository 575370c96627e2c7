package userdb

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// ArchiveWithin archives one database, as Archive does, but waits at most for the given time. After that it returns
// ErrContinues: the work goes on until it is done or the service stops, and a failure is logged. It also returns
// registry.ErrNotFound, ErrInUse, ErrClosed and the errors of the work.
func (s *Service) ArchiveWithin(ctx context.Context, wait time.Duration, name string) error {
	return s.changeWithin(ctx, wait, name, s.archive)
}

// RestoreWithin is ArchiveWithin for Restore.
func (s *Service) RestoreWithin(ctx context.Context, wait time.Duration, name string) error {
	return s.changeWithin(ctx, wait, name, s.restore)
}

func (s *Service) changeWithin(
	ctx context.Context, wait time.Duration, name string, change func(context.Context, registry.Entry) error,
) error {
	entry, err := s.registry.ByName(ctx, name)
	if err != nil {
		return fmt.Errorf("find user database %s: %w", name, err)
	}
	result, actor := make(chan error, 1), audit.ActorOf(ctx)
	var settled atomic.Bool // whether it is certain who gets the result: the caller or the log
	err = s.background.Go(func(ctx context.Context) {
		err := change(audit.WithActor(ctx, actor), entry)
		if settled.CompareAndSwap(false, true) {
			result <- err
		} else if err != nil {
			s.logger.WarnContext(ctx, "failed to change user database", "database", name, "error", err)
		}
	})
	if errors.Is(err, background.ErrNotRunning) {
		return ErrClosed
	}
	if err != nil {
		return err
	}
	timeout := time.NewTimer(wait)
	defer timeout.Stop()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
	case <-timeout.C:
	}
	if settled.CompareAndSwap(false, true) {
		return ErrContinues
	}
	return <-result
}
