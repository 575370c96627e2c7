package app

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/authserver"
	"github.com/fathom-to-loom/fathom-to-loom/app/bundle"
	"github.com/fathom-to-loom/fathom-to-loom/app/clock"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/connlimit"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/jobfeed"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomaccount"
	"github.com/fathom-to-loom/fathom-to-loom/app/notify"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
	"github.com/fathom-to-loom/fathom-to-loom/app/revocation"
	"github.com/fathom-to-loom/fathom-to-loom/app/search"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/signin"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// build creates the services, each after those it depends on, without starting them.
func (a *App) build() error {
	a.buildMetrics()
	a.buildDisk()
	for _, step := range []func() error{a.buildBlobs, a.buildDatabases, a.buildBackups, a.buildClients, a.buildLoomAccounts, a.buildJobs} {
		if err := step(); err != nil {
			return err
		}
	}
	a.buildHealth()
	a.control = control.NewServer(a.DataDir(), a.logger("control"))
	operator.Bind(a.control, operator.Config{App: a.App, Databases: a.Databases, Bundles: a.Bundles, Backups: a.Backups, Queue: a.Queue, Log: a.Logs, Audit: a.Audit, Movers: a.Movers, FindUser: a.findUserID, RotateKey: a.rotateKey})
	return nil
}

func (a *App) logger(component string) *slog.Logger { return a.Log.With("component", component) }

// buildDisk creates the monitor of the disks unless Prepare has, which needs it before the others.
func (a *App) buildDisk() {
	if a.Disk == nil {
		a.Disk = disk.New(disk.Config{Dirs: []string{a.DataDir(), a.Config.UserDBsDir}, Logger: a.logger("disk")})
	}
}

func (a *App) buildDatabases() error {
	keys, err := newVault(a.Config)
	if err != nil {
		return err
	}
	secret, previous, err := jwtSecrets(a.Config)
	if err != nil {
		return err
	}
	networks, previousNetworks, err := networksKeys(secret, previous)
	if err != nil {
		return err
	}
	a.SignIn = signin.New(a.App, networks, previousNetworks, time.Now)
	sessions, err := session.NewIssuer(secret, a.Config.SessionTTL.Std(), nil)
	if err == nil && len(previous) > 0 {
		sessions, err = sessions.Accepting(previous)
	}
	if err != nil {
		return err
	}
	a.Audit = audit.New(audit.Config{App: a.App, Keep: a.Config.AuditKeep.Std(), Logger: a.logger("audit"), Now: a.Now})
	a.ledger = ledger.New(ledger.Config{Free: a.FreeSpace})
	a.Databases = userdb.New(userdb.Config{
		App: a.App, Dir: a.Config.UserDBsDir, Vault: keys, Blobs: a.Blobs,
		MaxOpen: a.Config.UserDBMaxOpen, IdleTimeout: a.Config.UserDBIdleTimeout.Std(), Quota: a.Config.UserDBQuota.Bytes(),
		Ledger: a.ledger, Audit: a.Audit,
		Retention: userdb.Retention{
			ArchiveAfter:        a.Config.UserDBArchiveAfter.Std(),
			DeleteArchivesAfter: a.Config.UserDBDeleteArchivesAfter.Std(),
			DeleteGrace:         a.Config.UserDBDeleteGrace.Std(),
		},
		CheckSpace: a.Disk.CheckSpace, OnOpen: a.OnUserDatabaseOpen, Logger: a.logger("userdb"),
		Opened: a.Metrics.DatabaseOpened, Provisioned: a.Metrics.DatabaseProvisioned,
	})
	a.Tokens = tokens.New(tokens.Config{App: a.App, Revoked: a.Databases.UserChanged, Audit: a.Audit, Logger: a.logger("tokens")})
	if a.Config.AssistantsSignIn() {
		a.AuthServer, err = authserver.New(authserver.Config{
			BaseURL: a.Config.BaseURL(), Secret: secret, Previous: previous, Tokens: a.Tokens, Network: a.Network(), TLS: a.AssistantsTLS, Logger: a.logger("authserver"),
		})
		if err != nil {
			return err
		}
	}
	a.Databases.OnChange(func(userID, _ string) { a.Tokens.Forget(userID) }) // before the gateway checks who uses one
	a.Bundles = bundle.New(bundle.Config{Databases: a.Databases, Blobs: a.Blobs})
	a.Search = search.New(search.Config{Databases: a.Databases, CheckSpace: a.Disk.CheckSpace, Logger: a.logger("search")})
	if a.Shares, err = a.newShares(secret, previous); err != nil {
		return err
	}
	a.Revocations = revocation.New(revocation.Config{
		App: a.App, UserChanged: a.Databases.UserChanged, AllUsersChanged: a.Databases.AllUsersChanged, Logger: a.logger("revocation"),
	})
	a.Connections = newConnectionLimiter(a.Config, a.logger("connections"))
	a.Reads = readlimit.New()
	a.Gateway, err = gateway.New(gateway.Config{
		App: a.App, Databases: a.Databases, Sessions: sessions, Tokens: a.Tokens, Disk: a.Disk, Reads: a.Reads, Audit: a.Audit, BaseURL: a.Config.BaseURL(), Origins: a.Config.AllowedOrigins(),
		Ports:  gateway.Ports{First: a.Config.UserDBPorts.First, Last: a.Config.UserDBPorts.Last, Address: a.Config.BindAddress},
		Routes: a.UserDatabaseRoutes, Connections: a.Connections, Logger: a.logger("gateway"),
	})
	a.Accounts = account.New(account.Config{
		App: a.App, DeleteUnusedAfter: a.Config.UnusedAccountsDeleteAfter.Std(), Logger: a.logger("account"),
	})
	return err
}

// jwtSecrets returns JWT_SECRET and, during its rotation, the previous one.
func jwtSecrets(cfg *config.Config) (secret, previous []byte, err error) {
	if secret, err = cfg.JWTSecret.Bytes(); err != nil {
		return nil, nil, fmt.Errorf("read JWT_SECRET: %w", err)
	}
	if previous, err = cfg.JWTSecretPrevious.Bytes(); err != nil {
		return nil, nil, fmt.Errorf("read JWT_SECRET_PREVIOUS: %w", err)
	}
	return secret, previous, nil
}

// networksKeys returns the key under which known networks are stored and, if previous isn't empty, the previous key.
func networksKeys(secret, previous []byte) (key, previousKey []byte, err error) {
	const info = "fathom-to-loom/sign-in/networks/v1"
	if key, err = hkdf.Key(sha256.New, secret, nil, info, 32); err == nil && len(previous) > 0 {
		previousKey, err = hkdf.Key(sha256.New, previous, nil, info, 32)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("derive key of known networks: %w", err)
	}
	return key, previousKey, nil
}

// newConnectionLimiter returns a limiter that fits the limit on file descriptors. Behind a trusted proxy, all
// connections come from the proxy, which limits those of each client.
func newConnectionLimiter(cfg *config.Config, logger *slog.Logger) *connlimit.Limiter {
	total := connlimit.DefaultTotal()
	limits := connlimit.Config{Total: total, PerNetwork: connlimit.DefaultPerNetwork(total), Logger: logger}
	if len(cfg.TrustedProxyHeaders) > 0 {
		limits.PerNetwork = 0
	}
	return connlimit.New(limits)
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

// A job occupies a slot while it calls Fathom, so a call retries only briefly. Longer waits end the run; the
// queue starts the next one.
const (
	fathomRetryFor = 10 * time.Second
	fathomMaxWait  = time.Second
)

func (a *App) buildClients() (err error) {
	a.fathom, err = fathom.New(fathom.Config{
		BaseURL: a.Config.FathomAPIURL, Logger: a.logger("fathom"), UserAgent: "fathom-to-loom/" + BuildVersion(),
		RetryFor: fathomRetryFor, MaxWait: fathomMaxWait, Network: a.Network(), Limits: fathom.Limits(a.Config.FathomLimits),
		OnCall: a.reportFathomCall, OnBytes: a.Metrics.FromFathom,
		OnAttempt: func(reached bool) { a.Transfers.FathomCalled(reached) }, Now: a.FathomNow,
	})
	if err != nil {
		return err
	}
	a.loom, err = loom.New(loom.Config{BaseURL: a.Config.LoomURL, Network: a.Network(), Logger: a.logger("loom")})
	return err
}

func (a *App) buildJobs() error {
	a.Queue = queue.New(queue.Config{
		App: a.App, Concurrency: a.Config.WorkerConcurrency, ShortJobs: a.Config.WorkerShortJobs, PerUser: a.Config.WorkerPerUser, KindLimits: a.Config.WorkerKindLimits,
		Lease:     a.Config.JobLease.Std(),
		Retention: queue.Retention{Finished: a.Config.JobKeepFinished.Std(), Dead: a.Config.JobKeepDead.Std()},
		IsDormant: a.Databases.IsDormant,
		Logger:    a.logger("queue"), Now: a.Now,
	})
	a.Clock = clock.NewGuard(clock.Config{
		StateFile: filepath.Join(a.DataDir(), clock.StateName), SetBack: a.Queue.RepairTimes, Logger: a.logger("clock"), Now: a.Now,
	})
	if err := a.buildNotify(); err != nil {
		return err
	}
	a.Transfers = transfer.New(transfer.Config{
		Global: a.App, Databases: a.Databases, Queue: a.Queue, Fathom: a.fathom, Loom: a.loom, Uploader: a.Uploader, HandOver: a.Config.LoomUploader == config.LoomUploaderHandover, Library: a.LoomAccounts, Lister: a.LoomAccounts, Blobs: a.Blobs, Mover: a.mover(), OwnMoves: a.Config.MoverSlots,
		SyncEvery: a.Config.SyncEvery.Std(), WebhookBase: a.Config.WebhookBase(), PartsFor: a.Config.FathomPartsFor.Std(),
		PollInterval: a.Config.FathomPollInterval.Std(), MaxRecordingSize: a.Config.MaxRecordingSize.Bytes(), Version: BuildVersion(),
		Logger: a.logger("transfer"), Now: a.Now, MayDelete: a.Clock.MayDelete, Stored: a.Metrics.ToStore,
	})
	for _, provider := range []string{notify.ProviderSMTP, notify.ProviderWebhook} {
		a.Transfers.AddChecker(provider, a.checkOutgoing)
	}
	a.Transfers.AddChecker(loomaccount.Provider, a.checkLoom)
	a.Databases.OnUnfinished(a.Transfers.Unfinished()...)
	a.Databases.OnUnfinished(a.Notify.Unfinished()...)
	a.JobFeed = jobfeed.New(jobfeed.Config{App: a.App, Queue: a.Queue, Logger: a.logger("jobfeed")})
	a.Queue.OnChange(a.Transfers.JobsChanged)
	a.Worker = worker.New(worker.Config{
		Queue: a.Queue, PollInterval: a.Config.QueuePollInterval.Std(), Drain: a.Config.JobDrain(), Logger: a.logger("worker"), Ended: a.reportJob,
	})
	a.Queue.OnScheduleStopped(a.Notify.ScheduleStopped)
	a.Queue.OnDead(a.Notify.JobDied)
	a.Queue.Define(a.Notify.Kind())
	a.Worker.Handle(notify.KindSend, a.Notify.Handle)
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

// findUserID returns the id of the user with the given id or e-mail address. If no address has this spelling,
// case is ignored.
func (a *App) findUserID(ctx context.Context, user string) (string, error) {
	var id string
	err := a.ConcurrentDB().Select("id").From(migrations.Users).Where(dbx.HashExp{"id": user}).WithContext(ctx).Row(&id)
	if errors.Is(err, sql.ErrNoRows) {
		var found *core.Record
		if found, err = account.FindByEmail(ctx, a.App, user); err == nil {
			id = found.Id
		}
	}
	switch {
	case errors.Is(err, account.ErrNotFound):
		return "", fmt.Errorf("there is no user %q", user)
	case errors.Is(err, account.ErrAmbiguous):
		return "", fmt.Errorf("several users have the address %q in upper and lower case: use its exact spelling or a user id", user)
	case err != nil:
		return "", fmt.Errorf("find user %q: %w", user, err)
	}
	return id, nil
}
