package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/jobfeed"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// build creates the services, each after those it depends on, without starting them.
func (a *App) build() error {
	for _, step := range []func() error{a.buildDatabases, a.buildClients, a.buildJobs} {
		if err := step(); err != nil {
			return err
		}
	}
	a.control = control.NewServer(a.DataDir(), a.logger("control"))
	operator.Bind(a.control, operator.Config{Databases: a.Databases, Queue: a.Queue, FindUser: a.findUserID})
	return nil
}

func (a *App) logger(component string) *slog.Logger { return a.Log.With("component", component) }

func (a *App) buildDatabases() error {
	keys, err := newVault(a.Config)
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
		Ledger: ledger.New(ledger.Config{Free: a.FreeSpace}),
		Retention: userdb.Retention{
			ArchiveAfter:        a.Config.UserDBArchiveAfter.Std(),
			DeleteArchivesAfter: a.Config.UserDBDeleteArchivesAfter.Std(),
			DeleteGrace:         a.Config.UserDBDeleteGrace.Std(),
		},
		OnOpen: a.OnUserDatabaseOpen, Logger: a.logger("userdb"),
	})
	a.Gateway, err = gateway.New(gateway.Config{
		App: a.App, Databases: a.Databases, Sessions: sessions, BaseURL: a.Config.BaseURL(), Origins: a.Config.AllowedOrigins(),
		Ports:  gateway.Ports{First: a.Config.UserDBPorts.First, Last: a.Config.UserDBPorts.Last, Address: a.Config.BindAddress},
		Routes: a.UserDatabaseRoutes, Logger: a.logger("gateway"),
	})
	return err
}

func newVault(cfg *config.Config) (*vault.Vault, error) {
	masterKey, err := cfg.AESMasterKey.Bytes()
	if err != nil {
		return nil, fmt.Errorf("read AES_MASTER_KEY: %w", err)
	}
	var previous [][]byte
	if cfg.AESMasterKeyPrevious.IsSet() {
		key, err := cfg.AESMasterKeyPrevious.Bytes()
		if err != nil {
			return nil, fmt.Errorf("read AES_MASTER_KEY_PREVIOUS: %w", err)
		}
		previous = append(previous, key)
	}
	return vault.New(masterKey, previous...)
}

func (a *App) buildClients() (err error) {
	a.fathom, err = fathom.New(fathom.Config{
		BaseURL: a.Config.FathomAPIURL, Logger: a.logger("fathom"), UserAgent: "fathom-to-loom/" + Version,
	})
	if err != nil {
		return err
	}
	a.loom, err = loom.New(loom.Config{BaseURL: a.Config.LoomURL, Logger: a.logger("loom")})
	return err
}

func (a *App) buildJobs() error {
	a.Queue = queue.New(queue.Config{
		App: a.App, Concurrency: a.Config.WorkerConcurrency, PerUser: a.Config.WorkerPerUser, KindLimits: a.Config.WorkerKindLimits,
		Lease:     a.Config.JobLease.Std(),
		Retention: queue.Retention{Finished: a.Config.JobKeepFinished.Std(), Dead: a.Config.JobKeepDead.Std()},
		Logger:    a.logger("queue"),
	})
	a.Transfers = transfer.New(transfer.Config{
		Databases: a.Databases, Queue: a.Queue, Fathom: a.fathom, Loom: a.loom, Uploader: a.Uploader,
		PollInterval: a.Config.FathomPollInterval.Std(), MaxRecordingSize: a.Config.MaxRecordingSize.Bytes(), Logger: a.logger("transfer"),
	})
	a.Databases.OnOpened(a.Transfers.ResumeDatabase)
	a.JobFeed = jobfeed.New(jobfeed.Config{App: a.App, Queue: a.Queue, Logger: a.logger("jobfeed")})
	a.Queue.OnChange(a.Transfers.JobsChanged)
	a.Worker = worker.New(worker.Config{
		Queue: a.Queue, PollInterval: a.Config.QueuePollInterval.Std(), Drain: a.Config.JobDrain(), Logger: a.logger("worker"),
	})
	for _, kind := range a.Transfers.Kinds() {
		a.Queue.Define(kind)
	}
	for kind, handler := range a.Transfers.Handlers() {
		a.Worker.Handle(kind, handler)
	}
	for kind := range a.Config.WorkerKindLimits {
		if !slices.Contains(a.Queue.Kinds(), kind) {
			return fmt.Errorf("WORKER_KIND_LIMITS contains the unknown job kind %q: use %s", kind, strings.Join(a.Queue.Kinds(), ", "))
		}
	}
	return nil
}

// findUserID returns the id of the user with the given e-mail address or id.
func (a *App) findUserID(ctx context.Context, user string) (string, error) {
	var id string
	err := a.ConcurrentDB().Select("id").From(migrations.Users).
		Where(dbx.Or(dbx.HashExp{"email": user}, dbx.HashExp{"id": user})).WithContext(ctx).Row(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("there is no user %q", user)
	}
	if err != nil {
		return "", fmt.Errorf("find user %q: %w", user, err)
	}
	return id, nil
}
