package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/descriptors"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// The server starts in this order and stops in the reverse order:
//
//	Prepare    examine and lock the data directories, make room on a full disk, build the services, open the global database
//	migrate    done by PocketBase, or by a command that runs without a server
//	Start      user databases, audit trail, API tokens, shares, search, transfers, job feed, queue, revocation, disks, operator socket
//	listen     done by PocketBase
//	Serve      ports of user databases, accounts, orphaned jobs, clock, movers, worker, health checks, metrics
//
//	Stop       health checks, metrics, operator socket, disks, revocation, worker, movers, gateway, queue, job feed, accounts,
//	           transfers, search, user databases, shares, API tokens, audit trail, clients
//	Terminate  call Stop through PocketBase's hooks, close the global database, unlock

// Prepare locks the data directories for this process, builds the services and opens the global database, in
// order to serve. It returns ErrRunning when another process owns the data directories. It changes nothing and
// returns an error if the directories can't be used, or were written with other keys, by a newer version or by
// another application.
func (a *App) Prepare(ctx context.Context) error { return a.prepare(ctx, serving) }

// prepare is Prepare for a purpose: serving or none.
func (a *App) prepare(ctx context.Context, purpose purpose) error {
	if err := a.Config.Validate(); err != nil {
		return err
	}
	if purpose&serving != 0 {
		a.Logs.SetConsole(a.Console)
	}
	if err := a.lockIfUsed(); err != nil {
		return err
	}
	if _, err := a.completeInterrupted(a.DataDir(), a.Config.UserDBsDir); err != nil {
		return err
	}
	found, err := a.inspectDataDirectory(ctx, purpose)
	if err != nil {
		return err
	}
	if err := a.buildBlobs(); err != nil {
		return err
	}
	if purpose&serving != 0 {
		if err := errors.Join(a.checkStorage(ctx), a.connectCluster()); err != nil {
			return err
		}
	}
	for _, dir := range []string{a.DataDir(), a.Config.UserDBsDir} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("create data directory: %w", err)
		}
		if err := disk.CheckWritable(dir, sqlite.DataFile); err != nil {
			return err
		}
		if err := makePrivateIfUnused(dir); err != nil {
			return err
		}
		if err := a.lock(dir); err != nil {
			return err
		}
	}
	if purpose&serving != 0 {
		if err := a.openLogFile(); err != nil {
			return err
		}
	}
	if err := a.markUserDatabases(ctx); err != nil {
		return err
	}
	a.buildDisk()
	if err := a.Disk.Prepare(); err != nil {
		return err
	}
	a.checkLog(ctx)
	if err := a.encryptSettingsAgain(ctx); err != nil {
		return err
	}
	if found.pending && found.schema != "" {
		a.Log.InfoContext(ctx, "upgrading the global database", "from", found.schema, "to", migrations.Version(), "version", BuildVersion())
	}
	return a.Bootstrap()
}

// Bootstrap validates the settings, builds the services and opens the global database. It replaces
// PocketBase's method, so that hooks, which need the services, never run without them. It sets the umask of
// the process, so that only the user that the process runs as can read the files it creates.
func (a *App) Bootstrap() error {
	if err := a.Config.Validate(); err != nil {
		return err
	}
	a.logWarnings()
	syscall.Umask(0o077)
	if err := os.Setenv(settingsKeyEnv, cmp.Or(a.settingsKey, a.Config.SettingsKey())); err != nil {
		return fmt.Errorf("set settings key: %w", err)
	}
	if a.control == nil { // build creates it last
		if err := a.build(); err != nil {
			return err
		}
	}
	if err := a.PocketBase.Bootstrap(); err != nil {
		if disk.FaultOf(err) != disk.NoFault {
			return fmt.Errorf("open data directory %s: its disk is full or broken, free some space: %w", a.DataDir(), err)
		}
		return fmt.Errorf("open data directory %s: %w", a.DataDir(), err)
	}
	return nil
}

// logWarnings reports settings that are probably mistakes, and directories that other users can access.
func (a *App) logWarnings() {
	warnings := a.Config.Warnings()
	for _, dir := range []string{a.DataDir(), a.Config.UserDBsDir} {
		if warning := fileperm.Exposed(dir); warning != "" {
			warnings = append(warnings, warning)
		}
	}
	for _, warning := range warnings {
		a.Log.Warn(warning)
	}
}

// Start starts the services that work without the HTTP server. The global database must be migrated.
func (a *App) Start(ctx context.Context) error {
	if err := a.Databases.Start(ctx); err != nil {
		return err
	}
	if err := errors.Join(a.Audit.Start(ctx), a.Tokens.Start(ctx), a.Shares.Start(ctx), a.Search.Start(ctx), a.Transfers.Start(ctx), a.LoomAccounts.Start(), a.JobFeed.Start(ctx), a.Queue.Start(ctx), a.Revocations.Start(ctx), a.Disk.Start(ctx)); err != nil {
		return err
	}
	return a.control.Start()
}

// Serve starts the services that need the HTTP server: the ports of user databases, the mail to new accounts
// and the worker. wrap is applied to the handler of these ports. Call it once.
func (a *App) Serve(ctx context.Context, wrap func(http.Handler) http.Handler) error {
	if err := a.Gateway.Start(ctx, wrap); err != nil {
		return err
	}
	if err := a.Accounts.Start(ctx); err != nil {
		return err
	}
	// The clock may have been set back while no server ran.
	if err := errors.Join(a.Queue.Recover(ctx), a.Clock.Check(ctx), a.Queue.RepairTimes(ctx)); err != nil {
		return err
	}
	if err := a.startCluster(ctx); err != nil {
		return err
	}
	if err := a.Worker.Start(ctx); err != nil {
		return err
	}
	a.Health.Start(ctx)
	if err := a.Metrics.Start(ctx); err != nil {
		return err
	}
	if needed := descriptors.Needed(a.Config.UserDBMaxOpen); descriptors.Limit() < needed {
		a.Log.WarnContext(ctx, "the limit on open files is low for USER_DB_MAX_OPEN and as many connections",
			"advice", descriptors.Advice()+", or lower USER_DB_MAX_OPEN", "needed", needed)
	}
	close(a.serving)
	versions := CurrentVersions()
	a.Log.InfoContext(ctx, "ready", "url", a.Config.BaseURL(), "admin", a.Config.BaseURL()+"/_/", "version", versions.Program,
		"schema", versions.GlobalSchema, "user_schema", versions.UserSchema)
	return nil
}

// Serving returns a channel that is closed when the server accepts requests and claims jobs.
func (a *App) Serving() <-chan struct{} { return a.serving }

// databaseCloseTimeout limits the time for closing all user databases.
const databaseCloseTimeout = 5 * time.Second

// Stop stops the services and waits for them until ctx ends. It may be called more than once and
// without Start.
func (a *App) Stop(ctx context.Context) error {
	if a.control == nil { // build, which creates it last, has not finished
		return nil
	}
	err := errors.Join(a.control.Stop(ctx), a.Disk.Stop(ctx), a.Revocations.Stop(ctx), a.Worker.Stop(ctx), a.stopCluster(ctx), a.Gateway.Stop(ctx),
		a.Queue.Stop(ctx), a.JobFeed.Stop(ctx), a.Accounts.Stop(ctx))
	// The services above may have used up ctx. Transfers end soon after they are cancelled, and a database
	// that isn't closed properly must be recovered when it is next opened, so neither depends on ctx.
	err = errors.Join(err, a.Transfers.Stop(context.WithoutCancel(ctx)), a.LoomAccounts.Stop(context.WithoutCancel(ctx)))
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), databaseCloseTimeout)
	defer cancel()
	err = errors.Join(err, a.Search.Stop(closing), a.Databases.Stop(closing), a.Shares.Stop(closing), a.Tokens.Stop(closing), a.Audit.Stop(closing), a.Health.Stop(closing), a.Metrics.Stop(closing))
	if a.Blobs.S3 != nil {
		a.Blobs.S3.Close()
	}
	if a.closeBackups != nil {
		a.closeBackups()
	}
	if a.AuthServer != nil {
		a.AuthServer.Close()
	}
	a.Notify.Close()
	a.fathom.Close()
	a.loom.Close()
	a.atlassian.CloseIdleConnections()
	a.uploadHosts.CloseIdleConnections()
	return err
}

// Terminate runs PocketBase's shutdown hooks, one of which calls Stop, and unlocks the data directories. A
// second call does nothing.
func (a *App) Terminate() error {
	if !a.IsBootstrapped() {
		return a.unlock()
	}
	event := new(core.TerminateEvent)
	event.App = a
	err := a.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error {
		return e.App.ResetBootstrapState()
	})
	return errors.Join(err, a.unlock())
}

// StartForOperator prepares and starts the services for a command that runs without a server. With readOnly
// it creates and migrates nothing, and returns an error unless the data directory exists and has this
// version's schema. It returns ErrRunning when another process owns the data directories.
func (a *App) StartForOperator(ctx context.Context, readOnly bool) error {
	if !readOnly {
		if err := a.prepare(ctx, 0); err != nil {
			return err
		}
		if err := a.RunAllMigrations(); err != nil {
			return fmt.Errorf("migrate data directory %s: %w", a.DataDir(), err)
		}
		return a.Start(ctx)
	}
	if err := a.Config.Validate(); err != nil {
		return err
	}
	if err := a.lockIfUsed(); err != nil {
		return err
	}
	switch found, err := a.inspectDataDirectory(ctx, 0); {
	case err != nil:
		return err
	case found.empty:
		return fmt.Errorf("there is no data in %s: start the server first, or set DATA_DIR", a.DataDir())
	case found.pending:
		return fmt.Errorf("data directory %s was last used by an older version: start the server once to upgrade it", a.DataDir())
	}
	if err := a.lockFolder(a.DataDir()); err != nil {
		return err
	}
	a.connect = sqlite.ConnectReadOnly
	if err := a.Bootstrap(); err != nil {
		return err
	}
	if err := a.Queue.LoadPauses(ctx); err != nil {
		return err
	}
	return a.control.Start()
}
