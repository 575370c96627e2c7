// Package userdb gives every user a PocketBase data directory of their own and
// keeps all of them in this one process.
//
// A Service provisions databases, opens them on demand, keeps them open while
// they are used and closes them when idle; archives, wakes, exports, verifies,
// maintains and deletes them. The registry (the user_databases collection of the
// global database), and never a folder's name, says who owns what. Everything
// here is safe for concurrent use. Serving them over HTTP is package gateway's.
package userdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/sync/singleflight"

	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
)

// Config of a Service. App, Dir and Vault are required.
type Config struct {
	App         core.App        // the global database
	Dir         string          // where the folders are; made 0700 where missing
	Vault       *vault.Vault    // wraps each database's data key
	MaxOpen     int             // how many may be open at once, default 500
	IdleTimeout time.Duration   // how long an unused one stays open, default 5m
	Retention   Retention       // what becomes of what nobody uses
	Quota       int64           // bytes on disk each may take, 0 for no bound
	OnOpen      func(*Database) // binds hooks to a database before it is bootstrapped
	Logger      *slog.Logger
	Now         func() time.Time
}

// Service owns all user databases of this process.
type Service struct {
	app       core.App
	dir       string
	vault     *vault.Vault
	retention Retention
	quota     int64
	onOpen    func(*Database)
	logger    *slog.Logger
	now       func() time.Time
	registry  *registry
	pool      *pool
	uses      *uses
	template  *template

	collections  *collections
	provisioning singleflight.Group
	blanks       chan *blank // the one that is ready

	mu        sync.Mutex
	preparing bool // of a blank
	notify    listeners
	lifetime  context.Context // ends when the service stops; nil before it starts
	end       context.CancelFunc
	running   sync.WaitGroup // what must end before the databases are closed
}

// listeners are told of what happens to databases.
type listeners struct {
	opened  []func(*Database)
	closing []func(*Database)
	changed []func(userID, name string)
}

// New returns a Service that does nothing before Start.
func New(cfg Config) *Service {
	if cfg.MaxOpen == 0 {
		cfg.MaxOpen = 500
	}
	if cfg.IdleTimeout == 0 {
		cfg.IdleTimeout = 5 * time.Minute
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Service{
		app: cfg.App, dir: cfg.Dir, vault: cfg.Vault, retention: cfg.Retention, quota: cfg.Quota, onOpen: cfg.OnOpen,
		logger: cfg.Logger, now: cfg.Now, registry: newRegistry(cfg.App), uses: newUses(), collections: newCollections(), blanks: make(chan *blank, 1),
	}
	s.pool = newPool(cfg.MaxOpen, cfg.IdleTimeout, cfg.Now)
	s.pool.open = s.open
	s.pool.close = s.closeDatabase
	return s
}

// Start builds the template, finishes what the last run left half-made and
// begins to close idle databases. The global database must be bootstrapped and
// migrated.
func (s *Service) Start(ctx context.Context) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("make the user databases folder: %w", err)
	}
	var err error
	if s.template, err = buildTemplate(ctx, s.dir); err != nil {
		return err
	}
	s.mu.Lock()
	s.lifetime, s.end = context.WithCancel(context.WithoutCancel(ctx))
	s.mu.Unlock()

	report, err := s.reconcile(ctx)
	if err != nil {
		return err
	}
	report.log(s.logger)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running.Go(func() { s.tend(s.lifetime) })
	return nil
}

// tend closes idle databases and writes down what was used.
func (s *Service) tend(ctx context.Context) {
	ticker := time.NewTicker(min(max(s.pool.idle/4, 50*time.Millisecond), 30*time.Second))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.pool.closeIdle()
			s.recordUses(ctx)
		}
	}
}

// Work runs fn under a context that outlives the caller's but not the service,
// and has Stop wait for it. It returns ErrClosed when the service doesn't run.
func (s *Service) Work(fn func(ctx context.Context) error) error {
	s.mu.Lock()
	if s.lifetime == nil || s.lifetime.Err() != nil {
		s.mu.Unlock()
		return ErrClosed
	}
	ctx := s.lifetime
	s.running.Add(1)
	s.mu.Unlock()
	defer s.running.Done()
	return fn(ctx)
}

// Stop ends what is under way, closes every database and waits until nobody uses
// one any more or ctx ends. It may be called more than once and without Start.
func (s *Service) Stop(ctx context.Context) error {
	s.mu.Lock()
	end := s.end
	if end != nil {
		end() // under the lock: no work begins after it
	}
	s.mu.Unlock()
	if end == nil {
		return nil
	}
	s.running.Wait()
	err := errors.Join(s.discardBlank(), s.pool.stop(ctx))
	s.recordUses(ctx)
	return err
}

// Acquire opens the named database where needed and pins it until the handle is
// released. It returns ErrNotFound, ErrBusy, ErrClosed, ErrNewerSchema or
// ctx.Err among others.
func (s *Service) Acquire(ctx context.Context, name string) (*Handle, error) {
	if !ValidName(name) {
		return nil, ErrNotFound
	}
	return s.pool.acquire(ctx, name)
}

// AcquireOf is Acquire for the database of a user.
func (s *Service) AcquireOf(ctx context.Context, userID string) (*Handle, error) {
	entry, err := s.registry.ofUser(ctx, userID)
	if err != nil {
		return nil, err
	}
	if entry.Status != StatusReady {
		return nil, fmt.Errorf("user database %s is %s: %w", entry.Name, entry.Status, ErrNotFound)
	}
	return s.Acquire(ctx, entry.Name)
}

// Lookup finds a ready database by its name; ErrNotFound where there is none.
func (s *Service) Lookup(ctx context.Context, name string) (Owned, error) {
	return s.registry.lookup(ctx, name)
}

// Watch counts a stream to the named database until the returned function is
// called. It opens nothing: a watched database that is open stays open while
// there is room for it.
func (s *Service) Watch(name string) (unwatch func()) { return s.pool.watch(name) }

// alone runs fn while nobody else has the database open.
func (s *Service) alone(ctx context.Context, name string, fn func() error) error {
	ctx, cancel := context.WithTimeout(ctx, aloneWithin)
	defer cancel()
	return s.pool.exclusive(ctx, name, fn)
}

// aloneWithin is how long those who use a database may take to let go of it.
const aloneWithin = 30 * time.Second

// OpenCount says how many databases are open now.
func (s *Service) OpenCount() int { return s.pool.openCount() }

// UserChanged must be called after a user or a superuser was changed or deleted:
// sessions are checked against the new state from then on, and streams whose
// session it ended are closed.
func (s *Service) UserChanged(userID string) { s.changed(userID, "") }

// RegistryChanged is UserChanged for a row of the registry.
func (s *Service) RegistryChanged(userID, name string) { s.changed(userID, name) }

func (s *Service) changed(userID, name string) {
	s.registry.forget(userID, name)
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

func (s *Service) closeDatabase(db *Database) {
	for _, closing := range s.listeners().closing {
		closing(db)
	}
	if err := closeApp(db.app); err != nil {
		s.logger.Error("close user database", "database", db.Name, "error", err)
	}
	s.uses.note(db.Name, s.now())
}

// find looks databases up by their names or their owners' e-mail addresses. No
// names means all.
func (s *Service) find(ctx context.Context, names []string) ([]Entry, error) {
	all, err := s.registry.all(ctx)
	if err != nil || len(names) == 0 {
		return all, err
	}
	found := make([]Entry, 0, len(names))
	var unknown []error
	for _, name := range names {
		matches := 0
		for _, entry := range all {
			if entry.Name == name || entry.Email == name {
				found = append(found, entry)
				matches++
			}
		}
		switch {
		case matches == 0:
			unknown = append(unknown, fmt.Errorf("%q: %w", name, ErrNotFound))
		case matches > 1:
			unknown = append(unknown, fmt.Errorf("%q has %d databases: say which by its name", name, matches))
		}
	}
	return found, errors.Join(unknown...)
}
