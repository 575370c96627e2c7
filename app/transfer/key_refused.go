package transfer

import (
	"context"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Sentences for the owner of a key.
const (
	keyRefusedMessage = "Fathom refused your API key. Save a new one under Settings; this continues then."
	stoppedByRefusal  = "Fathom refused your API key."
	stoppedByRemoval  = "No Fathom API key is saved."
)

// listRefused is the error of a call that any key may make, which Fathom refused as if something were missing. It
// answers so if the user of the key was deactivated.
type listRefused struct{ cause *fathom.Error }

// Error implements error.
func (e listRefused) Error() string { return e.cause.Error() }

// Unwrap returns the error of the call.
func (e listRefused) Unwrap() error { return e.cause }

// explainList marks errors of calls that concern no particular recording and therefore say that the key is refused.
func explainList(err error) error {
	if failure, ok := errors.AsType[*fathom.Error](err); ok {
		switch failure.Kind {
		case fathom.KindForbidden, fathom.KindNotFound, fathom.KindUnprocessable:
			return listRefused{failure}
		}
	}
	return err
}

// isKeyRefused reports whether an error of a job means that Fathom refuses its key.
func isKeyRefused(err error) bool {
	_, listing := errors.AsType[listRefused](err)
	failure, ok := errors.AsType[*fathom.Error](err)
	return listing || ok && failure.Kind == fathom.KindUnauthorized
}

// keyRefused saves that Fathom refuses the key of a connection, and stops the user's work. After a check, it does the
// latter first, so that nobody uses a key that is shown as refused: a crash in between repeats the check. Otherwise it
// does so last, because that is repeated when the database is opened.
func (s *Service) keyRefused(ctx context.Context, db *userdb.Database, connection *core.Record, reason string) error {
	save := func() error { return s.saveConnectionStatus(db, connection, ConnectionInvalid, reason, Finding{}) }
	stop := func() error { return s.stopWork(ctx, db) }
	steps := []func() error{save, stop}
	if connectionStatusOf(connection) == ConnectionChecking {
		steps = []func() error{stop, save}
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// stopWork keeps the user's jobs and schedules from using a key that Fathom refuses. It is repeated when the database
// of such a connection is opened, because a crash may have prevented it, and with every refusal, because operators
// may end the pause.
func (s *Service) stopWork(ctx context.Context, db *userdb.Database) error {
	if err := s.queue.StopSchedules(ctx, db.UserID, needsFathom, stoppedByRefusal); err != nil {
		return err
	}
	return s.queue.AddPause(ctx, queue.Pause{
		Kind: queue.Needing(needsFathom), UserID: db.UserID, Source: queue.SourceKey, Reason: keyRefusedMessage,
	})
}

// resumeWork ends what stopWork did. The user's jobs continue at once.
func (s *Service) resumeWork(ctx context.Context, db *userdb.Database) error {
	if err := s.queue.ResumeSchedules(ctx, db.UserID, needsFathom); err != nil {
		return err
	}
	return s.endKeyPause(ctx, db)
}

func (s *Service) endKeyPause(ctx context.Context, db *userdb.Database) error {
	_, err := s.queue.RemovePauses(ctx, queue.Needing(needsFathom), db.UserID, queue.SourceKey)
	return err
}

// ConnectionRemoved stops the user's schedules, which can only fail without a key. Jobs that waited for a new key run,
// and end with an error that asks for one. The user's webhooks are removed with the old key. Call it after the removal
// of a Fathom connection.
func (s *Service) ConnectionRemoved(db *userdb.Database) {
	defer s.keyStates.lock(db.Name)()
	ctx, cancel := context.WithTimeout(context.Background(), keyStateTimeout)
	defer cancel()
	err := errors.Join(s.removeWebhooksOf(ctx, db), s.queue.StopSchedules(ctx, db.UserID, needsFathom, stoppedByRemoval), s.endKeyPause(ctx, db))
	if err != nil {
		s.logger.ErrorContext(ctx, "failed to stop the schedules and webhooks of a removed connection", "database", db.Name, "error", err)
	}
}
