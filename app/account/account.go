// Package account finds accounts by e-mail address, keeps addresses unique, accepts invitations, sends mail about
// accounts, mails and checks codes, and removes accounts that were never used.
//
// Addresses that differ only in the case of the letters A to Z are equal. Earlier versions accepted such
// addresses, so that several accounts may share one; each of them is found by its exact spelling only.
//
// The functions and the Service are safe for concurrent use. The package must not decide who may sign up
// or sign in: that is up to package hooks.
package account

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
)

// Config of a Service. App is required.
type Config struct {
	App               core.App         // the global database
	DeleteUnusedAfter time.Duration    // age at which RemoveUnused deletes accounts; 0 means never
	Logger            *slog.Logger     // nil discards
	Now               func() time.Time // nil means time.Now
}

// Service sends mail in the background and removes unused accounts. It must be created with
// New.
type Service struct {
	app               core.App
	deleteUnusedAfter time.Duration
	logger            *slog.Logger
	now               func() time.Time

	outbox     chan unsent
	background background.Group
}

// New returns a Service that sends no mail before Start.
func New(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{
		app: cfg.App, deleteUnusedAfter: cfg.DeleteUnusedAfter, now: cfg.Now,
		logger: cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)),
		outbox: make(chan unsent, maxUnsent),
	}
}

// Start starts sending mail and logs which accounts share an address. The global database must be migrated.
func (s *Service) Start(ctx context.Context) error {
	if err := s.reportSharedAddresses(ctx); err != nil {
		return err
	}
	s.background.Start(ctx)
	return s.background.Go(s.sendOutbox)
}

// mailTimeout is how long Stop waits for a mail server, because a mail that is being sent can't be cancelled.
const mailTimeout = 5 * time.Second

// Stop discards the mail that waits, and gives the mail that is being sent a few seconds. It may be called more
// than once and without Start.
func (s *Service) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	if err := s.background.Stop(ctx); err != nil {
		s.logger.WarnContext(ctx, "stopped while a mail was being sent", "error", err)
	}
	return nil
}
