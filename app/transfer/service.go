// Package transfer implements the job handlers, which sync a user's meetings and transfer recordings from
// Fathom to Loom, and checks the connections that both need. A handler records each step in the user's
// database before it starts the next one, so that the job resumes after a crash and delivers nothing twice.
//
// A Service is safe for concurrent use. Its own goroutines update transfer statuses, check connections and remove
// files that are no longer needed; Stop waits for them.
//
// The package decrypts a secret only for a single use. No secret may reach a log, an error or a record.
package transfer

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"log/slog"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const defaultPollInterval = time.Second

// Config configures a Service. All fields but Library, Lister, HandOver, Mover, SyncEvery, WebhookBase, PartsFor, PollInterval, MaxRecordingSize, Version,
// Logger, Now, Stored and MayDelete are required.
type Config struct {
	Global           core.App // the global database
	Databases        *userdb.Service
	Queue            *queue.Queue
	Fathom           *fathom.Client
	Loom             *loom.Client
	Library          loom.Library // of videos that the public can't see; nil if there is none
	Lister           loom.Lister  // of the libraries of users, where their uploads are found; nil if there is none
	Uploader         loom.Uploader
	HandOver         bool // leave all uploads to the owners; Uploader only ends what it has begun
	Blobs            blob.Stores
	Mover            Mover            // nil if this process moves all recordings
	OwnMoves         int              // how many recordings this process moves at once if there is a Mover
	SyncEvery        time.Duration    // interval of the default schedule; 0 means that no sync starts by itself
	WebhookBase      string           // URL at which Fathom reaches the server; blank means no webhooks
	PartsFor         time.Duration    // age up to which missing parts of meetings are requested; 0 means only with a transfer
	PollInterval     time.Duration    // wait before the first poll of a download; 0 means 1 s
	MaxRecordingSize int64            // bytes; 0 means no limit
	Version          string           // of the program; another one reads again what this one could not read
	Logger           *slog.Logger     // the default discards everything
	Now              func() time.Time // the default is time.Now
	// Stored is called with the number of bytes that the storage has accepted. It must return immediately. The default does nothing.
	Stored func(n int64)
	// MayDelete reports whether the clock can be relied on to delete expired files. The default always does.
	MayDelete func() bool
}

// Service handles jobs, checks connections, and keeps transfer statuses in step with their jobs.
type Service struct {
	global           core.App
	databases        *userdb.Service
	queue            *queue.Queue
	fathom           *fathom.Client
	loom             *loom.Client
	uploader         loom.Uploader
	handOver         bool
	library          loom.Library
	lister           loom.Lister
	blobs            blob.Stores
	mover            Mover
	ownMoves         *limit.Concurrency
	poll             time.Duration
	syncEvery        time.Duration
	webhookBase      string
	partsFor         time.Duration
	logger           *slog.Logger
	maxRecordingSize int64
	version          string
	now              func() time.Time
	mayDelete        func() bool
	stored           func(n int64)

	running   *runningTransfers
	downloads *downloads
	cleanups  *cleanups
	failures  storageFailures
	watcher   statusWatcher
	checks    *checks
	keyStates keyStates
	outage    outage
	checkers  map[string]Checker // by provider
}

// New returns a Service. It accepts connection checks and cleanups immediately, because a database may be opened
// before Start.
func New(cfg Config) *Service {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Stored == nil {
		cfg.Stored = func(int64) {}
	}
	if cfg.MayDelete == nil {
		cfg.MayDelete = func() bool { return true }
	}
	s := &Service{
		global: cfg.Global, databases: cfg.Databases, queue: cfg.Queue, fathom: cfg.Fathom, loom: cfg.Loom,
		uploader: cfg.Uploader, handOver: cfg.HandOver, library: cfg.Library, lister: cfg.Lister, blobs: cfg.Blobs, mover: cfg.Mover, ownMoves: limit.NewConcurrency(cfg.OwnMoves, limit.Unlimited),
		poll: cmp.Or(cfg.PollInterval, defaultPollInterval), logger: cfg.Logger, now: cfg.Now, mayDelete: cfg.MayDelete, stored: cfg.Stored,
		maxRecordingSize: cfg.MaxRecordingSize,
		syncEvery:        cfg.SyncEvery,
		webhookBase:      cfg.WebhookBase,
		keyStates:        keyStates{seed: maphash.MakeSeed()},
		outage:           outage{wake: background.NewWake()},
		partsFor:         cfg.PartsFor,
		version:          sanitize.Truncate(cfg.Version, 50),
		running:          newRunningTransfers(),
		downloads:        newDownloads(),
		cleanups:         newCleanups(cfg.Now),
		watcher:          statusWatcher{wake: background.NewWake(), pending: map[string]*pendingSync{}},
		checks:           newChecks(),
	}
	s.checkers = map[string]Checker{ProviderFathom: s.checkKey}
	s.checks.group.Start(context.Background())
	return s
}

// Start starts updating transfer statuses, running cleanups and watching for outages. They end with Stop, not with ctx.
func (s *Service) Start(ctx context.Context) error {
	s.watcher.group.Start(ctx)
	s.cleanups.group.Start(ctx)
	s.RemoveWebhooksLater() // whose removal a stop has interrupted
	return errors.Join(s.watcher.group.Go(s.watchStatuses), s.cleanups.group.Go(s.cleanUp), s.watcher.group.Go(s.watchOutages))
}

// finalSyncTimeout limits the last updates of transfer statuses, during Stop.
const finalSyncTimeout = 2 * time.Second

// Stop cancels the connection checks and cleanups and waits for all goroutines, or returns an error when ctx ends
// first. It may be called more than once and without Start. A status that it can't update in time is
// updated when the database is next opened.
func (s *Service) Stop(ctx context.Context) error {
	var err error
	if s.watcher.group.Running() {
		err = s.watcher.group.Stop(ctx)
		final, cancel := context.WithTimeout(context.WithoutCancel(ctx), finalSyncTimeout)
		s.syncPending(final)
		cancel()
	}
	return errors.Join(err, s.cleanups.group.Stop(ctx), s.checks.group.Stop(ctx))
}
