package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/standby"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Promotion says how this server takes over.
type Promotion struct {
	// Litestream is the program's name or path, and LitestreamConfig the path of its configuration file.
	Litestream, LitestreamConfig string
	// Restore fetches the newest copy. Otherwise the server takes over with the global database in the data directory.
	Restore bool
	// Replace moves a global database in the data directory aside instead of refusing.
	Replace bool
}

// Promote takes over the installation: it fetches the newest copy of the global database, checks that this version can
// use it with these settings, increments its incarnation and puts it into the data directory. The former server must be
// off. Until the copy is complete and checked, nothing else changes; interrupted at any point, the same call can be
// repeated. Promote returns ErrRunning if a server uses the directories, which stay locked for this process until
// Terminate.
func (a *App) Promote(ctx context.Context, p Promotion) (result standby.Promoted, err error) {
	started := time.Now()
	if err := a.Config.Validate(); err != nil {
		return standby.Promoted{}, err
	}
	if p.Restore && a.Config.LitestreamReplica == "" {
		return standby.Promoted{}, errors.New("LITESTREAM_REPLICA is not set: set it to the replica of the former server, or add --no-restore")
	}
	if err := a.lockForPromotion(); err != nil {
		return standby.Promoted{}, err
	}
	completed, err := a.completeInterrupted(a.DataDir(), a.Config.UserDBsDir)
	if err != nil {
		return standby.Promoted{}, err
	}
	if completed != nil && p.Restore { // the same call, repeated
		return *completed, nil
	}
	file := filepath.Join(a.DataDir(), sqlite.DataFile)
	present, err := hasContent(file)
	switch {
	case err != nil:
		return standby.Promoted{}, fmt.Errorf("open data directory: %w", err)
	case present && p.Restore && !p.Replace:
		return standby.Promoted{}, fmt.Errorf("%s contains a global database: add --replace to move it aside, or --no-restore to take over with it", a.DataDir())
	case !present && !p.Restore:
		return standby.Promoted{}, fmt.Errorf("there is no data in %s: leave out --no-restore, or set DATA_DIR", a.DataDir())
	}
	result.Restored = p.Restore
	if !p.Restore {
		if err := a.takeOver(ctx, file, &result); err != nil {
			return standby.Promoted{}, err
		}
		result.Seconds = time.Since(started).Seconds()
		return result, standby.WriteMark(a.Config.UserDBsDir, result.Incarnation)
	}
	if err := a.prepareCopy(ctx, p, &result); err != nil {
		return standby.Promoted{}, errors.Join(err, standby.RemoveCopy(a.DataDir()))
	}
	result.Seconds = time.Since(started).Seconds()
	aside := standby.AsidePrefix + started.UTC().Format("20060102T150405Z")
	if err := standby.Install(ctx, a.DataDir(), aside, &result); err != nil {
		if _, installed, unknown := standby.Unfinished(a.DataDir()); !installed && unknown == nil { // otherwise the next call finishes
			err = errors.Join(err, standby.RemoveCopy(a.DataDir()))
		}
		return standby.Promoted{}, err
	}
	_, _, err = standby.Finish(a.DataDir(), a.Config.UserDBsDir)
	return result, err
}

// lockForPromotion creates and locks the data directories.
func (a *App) lockForPromotion() error {
	for _, dir := range []string{a.DataDir(), a.Config.UserDBsDir} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("create data directory: %w", err)
		}
		if err := errors.Join(disk.CheckMount(dir), disk.CheckWritable(dir, sqlite.DataFile)); err != nil {
			return err
		}
		if err := a.lock(dir); err != nil {
			return err
		}
	}
	return nil
}

// prepareCopy fetches the newest copy and makes it the database of this server.
func (a *App) prepareCopy(ctx context.Context, p Promotion, result *standby.Promoted) error {
	file, err := standby.NewCopy(a.DataDir())
	if err != nil {
		return err
	}
	litestream := standby.Litestream{Program: p.Litestream, Config: p.LitestreamConfig, Env: a.Config.LitestreamEnv, DataDir: a.DataDir()}
	if err := litestream.Restore(ctx, file); err != nil {
		return err
	}
	return a.takeOver(ctx, file, result)
}

// takeOver checks a global database and increments its incarnation.
func (a *App) takeOver(ctx context.Context, file string, result *standby.Promoted) error {
	if err := a.inspectCopy(ctx, file, result); err != nil {
		return err
	}
	incarnation, err := a.raiseIncarnation(ctx, file, true)
	result.Incarnation = incarnation
	return err
}

func (a *App) inspectCopy(ctx context.Context, file string, result *standby.Promoted) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	result.Bytes = info.Size()
	db, err := sqlite.OpenReadOnly(file)
	if err != nil {
		return fmt.Errorf("open the global database: %w", err)
	}
	_, err = a.inspectDatabase(ctx, db, copied|serving)
	if err == nil {
		result.Missing, result.Databases, err = userdb.Missing(ctx, db, a.Config.UserDBsDir)
	}
	return errors.Join(err, db.Close())
}
