// Package backup creates, checks and restores backups of everything: the global database, every user database and the files of
// recordings.
//
// A repository (package store) contains objects and sets. An object is an encrypted archive: the global database, one user
// database with its small files, or one recording. Objects never change. A set is a backup: an index in plain text, which names the
// objects, and an encrypted description of what they contain. The index is written last, so a set is either complete or absent. A
// set refers to the objects of earlier sets for everything that hasn't changed.
//
//	objects/{group}/o-{random}          tar, zstd, age
//	sets/{time}/contents-{random}       tar, zstd, age: names, checksums, which object contains what
//	sets/{time}/index-{random}          JSON
//	owner/repository/claim-{random}     JSON: the server that writes to the repository
//
// The index repeats what the contents say, and readers compare both, so nothing can be added to a set, and no set can be passed off as
// another one. With BACKUP_KEY the index is authenticated too. Whoever can write to a repository can still remove sets and objects,
// or restore removed ones; and, if the recipients of BACKUP_RECIPIENTS are known, add sets of their own.
//
// A Service creates backups in the process that owns the data directories, while people write. A Repository needs nothing but the
// destination, so sets can be listed, checked and restored on another machine. Both are safe for concurrent use. The package
// must not open a user database with PocketBase: most are closed, and opening them all would take long.
package backup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Config of a Service. Repository, DataDir, UserDBsDir, Databases, Blobs and Ledger are required.
type Config struct {
	Repository   *Repository
	DataDir      string // of the global database
	UserDBsDir   string
	Databases    *userdb.Service
	Blobs        blob.Stores
	Ledger       *ledger.Ledger
	S3Recordings bool // backups contain the recordings that are in S3
	Keep         Keep
	Program      string // the version of this program
	// InstallationID identifies the data: see the function InstallationID. Nil means that only the data directory is identified.
	InstallationID func(ctx context.Context) (string, error)
	Parallel       int // databases that are backed up at once; 0 means half of the processors, but at most 4
	Logger         *slog.Logger
	Now            func() time.Time // nil means time.Now

	// Ended is told how long a backup took, and how it ended. It must return immediately. Nil means nobody.
	Ended func(took time.Duration, result Result, err error)
}

// Service creates backups. It must be created with New.
type Service struct {
	Config
	running sync.Mutex // held while a backup is created, or what it may refer to is removed
}

// ErrRunning means that another backup is being created.
var ErrRunning = errors.New("another backup is running: wait until it has ended")

// New returns a Service. It accesses nothing.
func New(cfg Config) *Service {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Ended == nil {
		cfg.Ended = func(time.Duration, Result, error) {}
	}
	if cfg.Parallel == 0 {
		cfg.Parallel = min(max(runtime.GOMAXPROCS(0)/2, 1), 4)
	}
	return &Service{Config: cfg}
}

// Result is the outcome of Create.
type Result struct {
	Set      Set       `json:"set"` // without its objects
	Problems []Problem `json:"problems"`
	Removed  []string  `json:"removed"` // the names of the sets that Keep doesn't keep
}

// Create creates a backup and then removes those that Keep doesn't keep. Interrupted at any point, also by a crash, the next
// call continues: what is stored isn't stored again, unless it has changed. A database that can't be read doesn't prevent the backup of
// the others; Problems names it. Create returns ErrRunning, ErrForeignRepository, ErrLostRepository, a *ledger.DiskError, ctx.Err, or an
// error of the store.
func (s *Service) Create(ctx context.Context) (Result, error) {
	if !s.running.TryLock() {
		return Result{}, ErrRunning
	}
	defer s.running.Unlock()
	began := time.Now()
	result, err := s.create(ctx)
	s.Ended(time.Since(began), result, err)
	if statusErr := s.recordOutcome(result, err); statusErr != nil {
		s.Logger.Warn("failed to record the outcome of a backup", "error", statusErr)
	}
	return result, err
}

func (s *Service) create(ctx context.Context) (Result, error) {
	if err := s.claim(ctx, false); err != nil {
		return Result{}, err
	}
	if err := removeAbandoned(s.UserDBsDir); err != nil {
		s.Logger.Warn("failed to remove temporary files of backups", "error", err)
	}
	run, err := s.begin(ctx)
	if err != nil {
		return Result{}, err
	}
	set, err := run.create(ctx)
	if err := errors.Join(err, run.end(err == nil)); err != nil {
		return Result{}, fmt.Errorf("create backup: %w", err)
	}
	s.Logger.Info("backup created", "backup", set.Name, "databases", set.Databases, "recordings", set.Recordings,
		"stored", set.Stored, "added", set.Added, "seconds", set.Seconds, "incomplete", set.Incomplete)
	set.Objects = nil
	result := Result{Set: set, Problems: run.contents.Problems}
	if err := s.claim(ctx, false); err != nil { // another server may have taken over in the meantime
		return result, err
	}
	if result.Removed, err = s.prune(ctx); err != nil {
		return result, fmt.Errorf("remove old backups: %w", err)
	}
	return result, nil
}

// Run is Create for a schedule: it also returns an error if something is missing in the backup.
func (s *Service) Run(ctx context.Context) error {
	result, err := s.Create(ctx)
	if err != nil {
		return err
	}
	return result.Err()
}

// Err returns an error if something is missing in the backup.
func (r Result) Err() error {
	switch len(r.Problems) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("backup %s is incomplete: %s", r.Set.Name, r.Problems[0])
	default:
		return fmt.Errorf("backup %s is incomplete: %s, and %d more problems", r.Set.Name, r.Problems[0], len(r.Problems)-1)
	}
}

func (s *Service) globalFile() string { return filepath.Join(s.DataDir, "data.db") }
