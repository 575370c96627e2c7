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

	"github.com/fathom-to-loom/fathom-to-loom/app/pool"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
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
	registry  *registry.Registry
	pool      *pool.Pool[*Database]
	idle      time.Duration
	uses      *uses
	template  *template

	collections  *collections
	provisioning singleflight.Group
	blanks       chan *blank // the one that is ready
	exports      exports

	mu        sync.Mutex
	preparing bool // of a blank
	notify    listeners
	lifetime  context.Context // ends when the service stops; nil before it starts
	end       context.CancelFunc
	running   sync.WaitGroup // what must end before the databases are closed
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
		logger: cfg.Logger, now: cfg.Now, idle: cfg.IdleTimeout, registry: registry.New(cfg.App), uses: newUses(), collections: newCollections(), blanks: make(chan *blank, 1),
	}
	s.pool = pool.New(pool.Config[*Database]{
		Max: cfg.MaxOpen, Idle: cfg.IdleTimeout, Now: cfg.Now, Open: s.open, Close: s.closeDatabase,
	})
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

	found, err := s.reconcile(ctx)
	if err != nil {
		return err
	}
	found.log(s.logger)
	s.mu.Lock()
	s.running.Go(func() { s.tend(s.lifetime) })
	s.mu.Unlock()
	s.prepareBlank()
	return nil
}

// tend closes idle databases and writes down what was used.
func (s *Service) tend(ctx context.Context) {
	ticker := time.NewTicker(min(max(s.idle/4, 50*time.Millisecond), 30*time.Second))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.pool.CloseIdle()
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
// one any more, or returns an error when ctx ends. It may be called more than once
// and without Start.
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
	err := wait(ctx, &s.running)
	if err != nil {
		err = fmt.Errorf("end what is under way in user databases: %w", err)
	}
	err = errors.Join(err, s.discardBlank(), translate(s.pool.Stop(ctx)))
	s.recordUses(context.WithoutCancel(ctx))
	return err
}

// wait waits for what a group counts, or until ctx ends.
func wait(ctx context.Context, group *sync.WaitGroup) error {
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Acquire opens the named database where needed and pins it until the handle is
// released. It returns registry.ErrNotFound, ErrBusy, ErrClosed, ErrNewerSchema or
// ctx.Err among others.
func (s *Service) Acquire(ctx context.Context, name string) (*Handle, error) {
	if !registry.ValidName(name) {
		return nil, registry.ErrNotFound
	}
	pin, err := s.pool.Acquire(ctx, name)
	if err != nil {
		return nil, translate(err)
	}
	return &Handle{pin.Value, pin}, nil
}

// Handle pins an open user database, which stays open at least until Release.
type Handle struct {
	*Database
	pin *pool.Handle[*Database]
}

// Release unpins the database. Further calls have no effect.
func (h *Handle) Release() { h.pin.Release() }

// translate replaces an error of the pool by the one that callers of this package know.
func translate(err error) error {
	switch {
	case errors.Is(err, pool.ErrBusy):
		return ErrBusy
	case errors.Is(err, pool.ErrInUse):
		return ErrInUse
	case errors.Is(err, pool.ErrClosed):
		return ErrClosed
	default:
		return err
	}
}

// AcquireOf is Acquire for the database of a user.
func (s *Service) AcquireOf(ctx context.Context, userID string) (*Handle, error) {
	entry, err := s.registry.ByUser(ctx, userID)
	if err != nil {
		return nil, err
	}
	if entry.Status != registry.StatusReady {
		return nil, fmt.Errorf("user database %s is %s: %w", entry.Name, entry.Status, registry.ErrNotFound)
	}
	return s.Acquire(ctx, entry.Name)
}

// Lookup finds a ready database by its name; registry.ErrNotFound where there is none.
func (s *Service) Lookup(ctx context.Context, name string) (registry.ActiveEntry, error) {
	return s.registry.Lookup(ctx, name)
}

// Watch counts a stream to the named database until the returned function is
// called. It opens nothing: a watched database that is open stays open while
// there is room for it.
func (s *Service) Watch(name string) (unwatch func()) { return s.pool.Watch(name) }

// alone runs fn while nobody else has the database open.
func (s *Service) alone(ctx context.Context, name string, fn func() error) error {
	ctx, cancel := context.WithTimeout(ctx, aloneWithin)
	defer cancel()
	return translate(s.pool.Exclusive(ctx, name, fn))
}

// aloneReady is alone for a ready database, with its row as it is by then.
// Waiting may have taken long.
func (s *Service) aloneReady(ctx context.Context, name string, fn func(registry.Entry) error) error {
	return s.alone(ctx, name, func() error {
		entry, err := s.registry.ByName(ctx, name)
		if err != nil {
			return err
		}
		if entry.Status != registry.StatusReady {
			return fmt.Errorf("it is %s: %w", entry.Status, errNotReady)
		}
		return fn(entry)
	})
}

// hasMovedOn reports whether something else became of a database than the caller
// went by, so that there is nothing left to do.
func hasMovedOn(err error) bool {
	return errors.Is(err, registry.ErrConflict) || errors.Is(err, errNotReady) || errors.Is(err, registry.ErrNotFound)
}

// aloneWithin is how long those who use a database may take to let go of it.
const aloneWithin = 30 * time.Second

func (s *Service) closeDatabase(db *Database) {
	for _, closing := range s.listeners().closing {
		closing(db)
	}
	if err := closeApp(db.app); err != nil {
		s.logger.Error("close user database", "database", db.Name, "error", err)
	}
	s.uses.note(db.Name, s.now())
}
