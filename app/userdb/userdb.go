// Package userdb gives every user a PocketBase data directory of their own and runs all of them in
// this one process.
//
// A Service provisions databases, opens them on demand, keeps them open while they are used and
// closes them when they are idle. It archives, restores, exports, imports, verifies, maintains and deletes
// them. The registry, and never the name of a folder, determines which user owns which database.
//
// Everything in this package is safe for concurrent use. Operations that replace or remove the files
// of a database run with exclusive access to it; see Service.exclusively. The package must not know
// how databases are served: that is the task of package gateway.
package userdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/sync/singleflight"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/pool"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
)

const (
	defaultMaxOpen     = 500
	defaultIdleTimeout = 5 * time.Minute
)

// Config of a Service. App, Dir and Vault are required.
type Config struct {
	App         core.App         // the global database
	Dir         string           // contains the folders of the databases; created with mode 0700
	Vault       *vault.Vault     // wraps the data key of each database
	MaxOpen     int              // databases open at once; 0 means 500
	IdleTimeout time.Duration    // how long an unused database stays open; 0 means 5m
	Retention   Retention        // when unused databases are archived and deleted
	Quota       int64            // bytes per database, on disk and in S3; 0 means no limit
	Blobs       blob.Stores      // where recordings are stored; without Disk, one for Dir is created
	CheckSpace  func() error     // returns an error if there is no disk space for another database; nil always has some
	Ledger      *ledger.Ledger   // nil means a new one
	Audit       *audit.Recorder  // nil records nothing
	OnOpen      func(*Database)  // binds hooks to a database before it is bootstrapped; may be nil
	Logger      *slog.Logger     // nil discards
	Now         func() time.Time // nil means time.Now

	// Opened and Provisioned are told how long it took to open and to create a database, and the error. They must return
	// immediately. nil means nobody.
	Opened, Provisioned func(took time.Duration, err error)
}

// Service owns the user databases of this process. It must be created with New.
type Service struct {
	app        core.App
	dir        string
	vault      *vault.Vault
	retention  Retention
	quota      int64
	blobs      blob.Stores
	ledger     *ledger.Ledger
	audit      *audit.Recorder
	onOpen     func(*Database)
	checkSpace func() error
	logger     *slog.Logger
	now        func() time.Time

	registry    *registry.Registry
	pool        *pool.Pool[*Database]
	idleTimeout time.Duration
	background  background.Group         // everything that must end before the databases are closed
	template    atomic.Pointer[template] // set by Start; nil as long as a full disk prevents it

	provisioning singleflight.Group // by user id
	spares       chan *spare        // holds the spare that is ready, if any
	spareMu      sync.Mutex         // guards preparing and sends to spares
	preparing    bool               // whether a spare is being created
	collections  *collectionCache
	lastUsed     *lastUsed
	exports      exports
	moving       sync.Mutex    // held by MoveRecordings
	importing    sync.Mutex    // held by Import
	sweeping     chan struct{} // see withoutSweeps
	compacting   sync.Mutex    // held while one database is compacted, which takes memory
	listeners    listeners

	opened, provisioned func(took time.Duration, err error)

	observe    func(sqlite.Statement)           // set by tests before they open a database; nil otherwise
	fileSystem func(dir string) (uint64, error) // identifies the file system of a folder; replaced by tests
}

// New returns a Service that does nothing before Start.
func New(cfg Config) *Service {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.CheckSpace == nil {
		cfg.CheckSpace = func() error { return nil }
	}
	for _, notify := range []*func(time.Duration, error){&cfg.Opened, &cfg.Provisioned} {
		if *notify == nil {
			*notify = func(time.Duration, error) {}
		}
	}
	if cfg.Ledger == nil {
		cfg.Ledger = ledger.New(ledger.Config{})
	}
	if cfg.Blobs.Disk == nil {
		cfg.Blobs.Disk = blob.NewDisk(cfg.Dir)
	}
	s := &Service{
		app: cfg.App, dir: cfg.Dir, vault: cfg.Vault, retention: cfg.Retention, quota: cfg.Quota, ledger: cfg.Ledger, audit: cfg.Audit,
		blobs:  cfg.Blobs,
		onOpen: cfg.OnOpen, checkSpace: cfg.CheckSpace, logger: cfg.Logger, now: cfg.Now, registry: registry.New(cfg.App),
		idleTimeout: cmp.Or(cfg.IdleTimeout, defaultIdleTimeout), spares: make(chan *spare, 1), sweeping: make(chan struct{}, 1),
		opened: cfg.Opened, provisioned: cfg.Provisioned,
		collections: newCollectionCache(), lastUsed: newLastUsed(), fileSystem: deviceOf,
	}
	s.pool = pool.New(pool.Config[*Database]{
		Max: cmp.Or(cfg.MaxOpen, defaultMaxOpen), Idle: s.idleTimeout, MaxExclusiveWait: exclusiveTimeout, Now: cfg.Now,
		Open: s.open, Close: s.closeDatabase,
	})
	return s
}

// Start builds the template, completes or removes what an earlier process left unfinished, and starts
// closing idle databases in the background. The global database must be bootstrapped and migrated.
func (s *Service) Start(ctx context.Context) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("create the folder of user databases: %w", err)
	}
	if _, err := s.loadTemplate(ctx); disk.FaultOf(err) != disk.NoFault {
		s.logger.Error("failed to build the user database template: nobody gets a new database until there is disk space",
			"error", err)
	} else if err != nil {
		return err
	}
	s.background.Start(ctx)
	found, err := s.reconcile(ctx)
	if err != nil {
		return err
	}
	found.log(s.logger)
	if err := s.background.Go(s.janitor); err != nil {
		return err
	}
	err = s.background.Go(func(ctx context.Context) {
		if err := s.RefreshOwnerFiles(ctx); err != nil && ctx.Err() == nil {
			s.logger.Warn("failed to record the owners of user databases in their folders", "error", err)
		}
	})
	if err != nil {
		return err
	}
	s.prepareSpare()
	return nil
}

// janitor closes idle databases and records usage until ctx ends.
func (s *Service) janitor(ctx context.Context) {
	background.Every(ctx, min(max(s.idleTimeout/4, 50*time.Millisecond), 30*time.Second), func(ctx context.Context) {
		s.pool.CloseIdle()
		s.recordUsage(ctx)
	})
}

// RunUntilStop runs fn in the caller's goroutine, with a context that ends when the service stops
// rather than when a caller gives up. Stop waits for fn. RunUntilStop returns the error of fn. If the
// service is not running, it returns ErrClosed and does not run fn.
func (s *Service) RunUntilStop(fn func(ctx context.Context) error) error {
	err := s.background.Run(fn)
	if errors.Is(err, background.ErrNotRunning) {
		return ErrClosed
	}
	return err
}

// Stop ends background work, closes every database once its handles are released, and waits until both
// are done. It returns an error if ctx ends first. It may be called more than once and without Start.
func (s *Service) Stop(ctx context.Context) error {
	err := s.background.Stop(ctx)
	if err != nil {
		err = fmt.Errorf("wait for background work on user databases: %w", err)
	}
	err = errors.Join(err, s.removeSpare())
	if poolErr := s.pool.Stop(ctx); poolErr != nil {
		err = errors.Join(err, fmt.Errorf("close user databases: %w", poolErr))
	}
	s.recordUsage(context.WithoutCancel(ctx))
	return err
}

// closeDatabase is the Close function of the pool.
func (s *Service) closeDatabase(db *Database) {
	s.notifyClosing(db)
	if err := closeApp(db.App); err != nil {
		s.logger.Error("failed to close user database", "database", db.Name, "error", err)
	}
	s.lastUsed.set(db.Name, db.uses.lastUse())
}
