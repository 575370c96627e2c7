// Package userdb gives every user a PocketBase data directory of their own and
// serves all of them from this one process.
//
// A Service provisions databases, opens them on demand, keeps them open while
// they are used and closes them when idle; a Gateway serves them over HTTP at
// /db/{name}/. The registry (the user_databases collection of the global
// database), and never a folder's name, says who owns what. Everything here is
// safe for concurrent use.
package userdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
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
	OnOpen      func(*Database) // binds hooks to a database before it is bootstrapped
	Opened      func(*Database) // looks at a database before its first use
	Logger      *slog.Logger
	Now         func() time.Time
}

// Service owns all user databases of this process.
type Service struct {
	app      core.App
	dir      string
	vault    *vault.Vault
	onOpen   func(*Database)
	opened   func(*Database)
	logger   *slog.Logger
	now      func() time.Time
	registry *registry
	pool     *pool
	template *template

	provisioning singleflight.Group

	mu       sync.Mutex
	stopIdle context.CancelFunc
	idleDone chan struct{}
	onChange []func(userID, name string)
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
		app: cfg.App, dir: cfg.Dir, vault: cfg.Vault, onOpen: cfg.OnOpen, opened: cfg.Opened,
		logger: cfg.Logger, now: cfg.Now, registry: newRegistry(cfg.App),
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
	report, err := s.reconcile(ctx)
	if err != nil {
		return err
	}
	s.logReport(report)

	idleCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.mu.Lock()
	s.stopIdle, s.idleDone = cancel, make(chan struct{})
	s.mu.Unlock()
	go s.closeIdle(idleCtx)
	return nil
}

func (s *Service) closeIdle(ctx context.Context) {
	defer close(s.idleDone)
	ticker := time.NewTicker(max(s.pool.idle/4, 50*time.Millisecond))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.pool.closeIdle()
		}
	}
}

// Stop closes every database and waits until nobody uses one any more or ctx
// ends. It may be called more than once and without Start.
func (s *Service) Stop(ctx context.Context) error {
	s.mu.Lock()
	cancel, done := s.stopIdle, s.idleDone
	s.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
	return s.pool.stop(ctx)
}

// Acquire opens the named database where needed and pins it until the handle is
// released. It returns ErrNotFound, ErrBusy, ErrClosed, ErrNewerSchema or
// ctx.Err among others.
func (s *Service) Acquire(ctx context.Context, name string) (*Handle, error) {
	if !validName(name) {
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

// OpenCount says how many databases are open now.
func (s *Service) OpenCount() int { return s.pool.openCount() }

// Dir returns the folder of a database, without looking whether it exists.
func (s *Service) Dir(name string) string { return filepath.Join(s.dir, name) }

// UserChanged must be called after a user was changed or deleted: sessions are
// checked against the new state from then on, and streams whose session it ended
// are closed.
func (s *Service) UserChanged(userID string) { s.changed(userID, "") }

// RegistryChanged is UserChanged for a row of the registry.
func (s *Service) RegistryChanged(userID, name string) { s.changed(userID, name) }

func (s *Service) changed(userID, name string) {
	s.registry.forget(userID, name)
	s.mu.Lock()
	listeners := s.onChange
	s.mu.Unlock()
	for _, notify := range listeners {
		notify(userID, name)
	}
}

func (s *Service) notifyChanges(notify func(userID, name string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onChange = append(s.onChange, notify)
}

func (s *Service) closeDatabase(db *Database) {
	if err := closeApp(db.app); err != nil {
		s.logger.Error("close user database", "database", db.Name, "error", err)
	}
	size, err := folderSize(s.Dir(db.Name))
	if err == nil {
		err = s.registry.touch(db.Name, s.now(), size)
	}
	if err != nil {
		s.logger.Warn("record the use of a user database", "database", db.Name, "error", err)
	}
}

func folderSize(dir string) (int64, error) {
	var size int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}
