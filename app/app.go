// Package app is the program: the services, built once and handed round, and
// the commands. It knows PocketBase's hooks only through the hooks package,
// which binds them to an App.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/jobfeed"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
)

// Version of the program; set when it is built.
var Version = "dev"

// settingsKeyEnv is the variable PocketBase reads its 32-character settings key
// from; it is set by this process for itself.
const settingsKeyEnv = "FATHOM_TO_LOOM_SETTINGS_KEY"

// App is the program. The services are nil until a command that needs them has
// called Prepare.
type App struct {
	*pocketbase.PocketBase // the global database, its API and admin UI

	Config *config.Config
	Log    *slog.Logger

	Databases *userdb.Service
	Gateway   *gateway.Gateway
	Queue     *queue.Queue
	JobFeed   *jobfeed.Feed
	Worker    *worker.Worker
	Transfers *transfer.Service

	// OnUserDatabaseOpen binds hooks to a user database before it is opened.
	OnUserDatabaseOpen func(*userdb.Database)
	// UserDatabaseRoutes adds routes to those of every user database.
	UserDatabaseRoutes func(*router.Router[*core.RequestEvent])
	// Uploader delivers recordings to Loom; a hand-over unless another is set.
	Uploader loom.Uploader

	serving chan struct{} // closed when the server is up
	control *control.Server
	locks   []*flock.Flock
	fathom  *fathom.Client
	loom    *loom.Client
}

// New returns an App that does nothing yet; the settings may be incomplete.
func New(cfg *config.Config) *App {
	a := &App{
		PocketBase: pocketbase.NewWithConfig(pocketbase.Config{
			HideStartBanner:      true,
			DefaultDataDir:       cfg.DataDir,
			DefaultEncryptionEnv: settingsKeyEnv,
		}),
		Config:   cfg,
		Uploader: loom.Handover{},
		serving:  make(chan struct{}),
		Log:      slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.LogLevel})),
	}
	a.addCommands()
	return a
}

// Bootstrap checks the settings and opens the global database. What it makes on
// disk is for this user only.
func (a *App) Bootstrap() error {
	if err := a.Config.Validate(); err != nil {
		return err
	}
	for _, warning := range a.Config.Warnings() {
		a.Log.Warn(warning)
	}
	syscall.Umask(0o077)
	if err := os.Setenv(settingsKeyEnv, a.Config.SettingsKey()); err != nil {
		return fmt.Errorf("set the settings key: %w", err)
	}
	if err := a.PocketBase.Bootstrap(); err != nil {
		return fmt.Errorf("open the data directory %s: %w", a.DataDir(), err)
	}
	return nil
}

// Prepare makes this process the only one on the data directories, opens the
// global database and builds the services.
func (a *App) Prepare() error {
	if err := a.Config.Validate(); err != nil {
		return err
	}
	for _, dir := range []string{a.DataDir(), a.Config.UserDBsDir} {
		if err := a.lock(dir); err != nil {
			return err
		}
	}
	if err := a.Bootstrap(); err != nil {
		return err
	}
	return a.build()
}

const lockName = ".lock"

// RuntimeFiles are those in a data directory that mean something to running
// processes only.
var RuntimeFiles = []string{lockName, control.SocketName}

// errRunning means that another process owns the data directories.
var errRunning = errors.New("another fathom-to-loom is running")

func (a *App) lock(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	lock := flock.New(filepath.Join(dir, lockName))
	locked, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("lock the data directory %s: %w", dir, err)
	}
	if !locked {
		return fmt.Errorf("%w on %s: stop it first", errRunning, dir)
	}
	a.locks = append(a.locks, lock)
	return nil
}

func (a *App) build() error {
	masterKey, err := a.Config.AESMasterKey.Bytes()
	if err != nil {
		return fmt.Errorf("read AES_MASTER_KEY: %w", err)
	}
	var previous [][]byte
	if a.Config.AESMasterKeyPrevious.IsSet() {
		key, err := a.Config.AESMasterKeyPrevious.Bytes()
		if err != nil {
			return fmt.Errorf("read AES_MASTER_KEY_PREVIOUS: %w", err)
		}
		previous = append(previous, key)
	}
	keys, err := vault.New(masterKey, previous...)
	if err != nil {
		return err
	}
	secret, err := a.Config.JWTSecret.Bytes()
	if err != nil {
		return fmt.Errorf("read JWT_SECRET: %w", err)
	}
	sessions, err := session.NewIssuer(secret, a.Config.SessionTTL.Std(), nil)
	if err != nil {
		return err
	}

	a.Databases = userdb.New(userdb.Config{
		App: a.App, Dir: a.Config.UserDBsDir, Vault: keys,
		MaxOpen: a.Config.UserDBMaxOpen, IdleTimeout: a.Config.UserDBIdleTimeout.Std(), Quota: a.Config.UserDBQuota.Bytes(),
		Retention: userdb.Retention{
			ArchiveAfter: a.Config.UserDBArchiveAfter.Std(), DeleteArchivesAfter: a.Config.UserDBDeleteArchivesAfter.Std(),
			DeleteGrace: a.Config.UserDBDeleteGrace.Std(),
		},
		OnOpen: a.OnUserDatabaseOpen, Logger: a.Log.With("component", "userdb"),
	})
	a.Gateway, err = gateway.New(gateway.Config{
		App: a.App, Databases: a.Databases, Sessions: sessions, BaseURL: a.Config.BaseURL(), Origins: a.Config.AllowedOrigins(),
		Ports:  gateway.Ports{First: a.Config.UserDBPorts.First, Last: a.Config.UserDBPorts.Last, Address: a.Config.BindAddress},
		Routes: a.UserDatabaseRoutes, Logger: a.Log.With("component", "gateway"),
	})
	if err != nil {
		return err
	}
	return a.buildJobs()
}

func (a *App) buildJobs() (err error) {
	a.fathom, err = fathom.New(fathom.Config{
		BaseURL: a.Config.FathomAPIURL, Logger: a.Log.With("component", "fathom"), UserAgent: "fathom-to-loom/" + Version,
	})
	if err != nil {
		return err
	}
	a.loom, err = loom.New(loom.Config{BaseURL: a.Config.LoomURL, Logger: a.Log.With("component", "loom")})
	if err != nil {
		return err
	}
	a.Queue = queue.New(queue.Config{
		App: a.App, Concurrency: a.Config.WorkerConcurrency, PerUser: a.Config.WorkerPerUser, KindLimits: a.Config.WorkerKindLimits,
		Lease:     a.Config.JobLease.Std(),
		Retention: queue.Retention{Finished: a.Config.JobKeepFinished.Std(), Dead: a.Config.JobKeepDead.Std()},
		Logger:    a.Log.With("component", "queue"),
	})
	a.Transfers = transfer.New(transfer.Config{
		Databases: a.Databases, Queue: a.Queue, Fathom: a.fathom, Loom: a.loom, Uploader: a.Uploader,
		PollInterval: a.Config.FathomPollInterval.Std(), Logger: a.Log.With("component", "transfer"),
	})
	a.Databases.OnOpened(a.Transfers.Opened)
	a.JobFeed = jobfeed.New(jobfeed.Config{App: a.App, Queue: a.Queue, Logger: a.Log.With("component", "jobfeed")})
	a.Queue.OnChange(a.Transfers.JobsChanged)
	a.Worker = worker.New(worker.Config{
		Queue: a.Queue, PollInterval: a.Config.QueuePollInterval.Std(), Drain: a.Config.JobDrain(),
		Logger: a.Log.With("component", "worker"),
	})
	for _, kind := range a.Transfers.Kinds() {
		a.Queue.Define(kind)
	}
	for kind, handler := range a.Transfers.Handlers() {
		a.Worker.Handle(kind, handler)
	}
	for kind := range a.Config.WorkerKindLimits {
		if !slices.Contains(a.Queue.Kinds(), kind) {
			return fmt.Errorf("WORKER_KIND_LIMITS has %q: the kinds of jobs are %s", kind, strings.Join(a.Queue.Kinds(), ", "))
		}
	}
	return nil
}

// Serving tells that the server is up, once.
func (a *App) Serving() { close(a.serving) }

// closeWithin is how long the closing of all user databases may take.
const closeWithin = 5 * time.Second

// Stop ends the services in the order in which they use each other and waits
// for them until ctx ends. It may be called more than once.
func (a *App) Stop(ctx context.Context) error {
	if a.Worker == nil { // the last that is built
		return nil
	}
	var err error
	if a.control != nil {
		err = a.control.Stop(ctx)
	}
	err = errors.Join(err, a.Worker.Stop(ctx), a.Gateway.Stop(ctx), a.Queue.Stop(ctx), a.JobFeed.Stop(ctx))
	a.Transfers.Stop()
	// What went before may have used all the time there was, and a database that
	// is not closed leaves work to its next opening.
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
	defer cancel()
	err = errors.Join(err, a.Databases.Stop(closing))
	a.fathom.Close()
	a.loom.Close()
	return err
}

func (a *App) unlock() error {
	var err error
	for _, lock := range a.locks {
		err = errors.Join(err, lock.Unlock())
	}
	a.locks = nil
	return err
}
