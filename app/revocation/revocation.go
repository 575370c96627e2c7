// Package revocation notices when sessions are revoked: when the token key of a user or superuser changes, when
// one of them is deleted, and when all auth tokens of a collection are invalidated. Triggers in the global
// database record each of these changes, however it was made: through the API, in the SQL console, by a command
// or by another process.
//
// A Watcher is safe for concurrent use. It only reports whose sessions may have been revoked. It must not end
// sessions or decide whether one is valid.
package revocation

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// pollInterval is how soon a change is noticed that this process was not told about. A check takes well under a
// tenth of a millisecond.
const pollInterval = 250 * time.Millisecond

// readBatch is the maximum number of changes that are reported one by one. After more, everything is reported at
// once, which is cheaper.
const readBatch = 100

// Config configures a Watcher. Logger is optional.
type Config struct {
	App core.App // the global database
	// UserChanged is called with the id of a user or superuser. It must not call Check.
	UserChanged func(id string)
	// AllUsersChanged is called when any user or superuser may have changed. It must not call Check.
	AllUsersChanged func()
	Logger          *slog.Logger // default: discards everything
}

// Watcher reads the recorded changes. It must be created with New.
type Watcher struct {
	cfg        Config
	background background.Group

	mu   sync.Mutex // held while changes are reported, so that Check returns after all of them
	last int64      // id of the newest change that was reported
}

// New returns a Watcher that isn't started yet.
func New(cfg Config) *Watcher {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	return &Watcher{cfg: cfg}
}

// Start checks for changes four times a second. The global database must be migrated.
func (w *Watcher) Start(ctx context.Context) error {
	w.background.Start(ctx)
	return w.background.Go(w.poll)
}

// Stop waits until a running check has ended, or returns ctx.Err. It may be called more than once and without
// Start.
func (w *Watcher) Stop(ctx context.Context) error { return w.background.Stop(ctx) }

// Running reports whether the Watcher is started and not stopped.
func (w *Watcher) Running() bool { return w.background.Running() }

func (w *Watcher) poll(ctx context.Context) {
	check := func(ctx context.Context) {
		if err := w.Check(ctx); err != nil && ctx.Err() == nil {
			w.cfg.Logger.ErrorContext(ctx, "failed to check for revoked sessions", "error", err)
		}
	}
	check(ctx)
	background.Every(ctx, pollInterval, check)
}

// Check reports all changes so far before it returns. Call it after something that may have changed credentials,
// so that nobody has to wait for the next regular check.
func (w *Watcher) Check(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var changes []struct {
		ID     int64  `db:"id"`
		Record string `db:"record"`
	}
	err := w.cfg.App.ConcurrentDB().Select("id", "record").From(migrations.CredentialChanges).
		Where(dbx.NewExp("id > {:last}", dbx.Params{"last": w.last})).OrderBy("id").Limit(readBatch + 1).
		WithContext(ctx).All(&changes)
	if err != nil {
		return fmt.Errorf("read changed credentials: %w", err)
	}
	if len(changes) == 0 {
		return nil
	}
	changed := map[string]bool{}
	for _, change := range changes {
		changed[change.Record] = true
	}
	newest := changes[len(changes)-1].ID
	if len(changes) > readBatch {
		changed[""] = true
		err := w.cfg.App.ConcurrentDB().Select("MAX(id)").From(migrations.CredentialChanges).WithContext(ctx).Row(&newest)
		if err != nil {
			return fmt.Errorf("read the newest changed credential: %w", err)
		}
	}
	if err := w.report(changed); err != nil {
		return err
	}
	w.last = newest
	w.prune(ctx)
	return nil
}

func (w *Watcher) report(changed map[string]bool) error {
	if changed[""] {
		// PocketBase verifies its own tokens with cached collections, which another writer made obsolete.
		if err := w.cfg.App.ReloadCachedCollections(); err != nil {
			return fmt.Errorf("reload collections: %w", err)
		}
		w.cfg.AllUsersChanged()
		return nil
	}
	for id := range changed {
		w.cfg.UserChanged(id)
	}
	return nil
}

// prune deletes the changes that were reported. A failure does no harm: the next change causes another attempt.
func (w *Watcher) prune(ctx context.Context) {
	_, err := w.cfg.App.NonconcurrentDB().
		Delete(migrations.CredentialChanges, dbx.NewExp("id <= {:last}", dbx.Params{"last": w.last})).
		WithContext(ctx).Execute()
	if err != nil && ctx.Err() == nil {
		w.cfg.Logger.WarnContext(ctx, "failed to delete reported changes of credentials", "error", err)
	}
}
