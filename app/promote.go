package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"

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

// Promoted is the outcome of a promotion.
type Promoted struct {
	Incarnation standby.Incarnation `json:"incarnation"`
	Restored    bool                `json:"restored"`
	Bytes       int64               `json:"bytes"`   // of the global database
	Seconds     float64             `json:"seconds"` // that the promotion took
	Aside       string              `json:"aside"`   // the folder with the former global database; "" if there was none
	Databases   int                 `json:"databases"`
	Missing     []string            `json:"missing"` // user databases that USER_DBS_DIR doesn't contain
}

// Promote takes over the installation: it fetches the newest copy of the global database, checks that this version can
// use it with these settings, increments its incarnation and puts it into the data directory. The former server must be
// off. Until the copy is complete and checked, nothing else changes; interrupted at any point, the same call can be
// repeated. Promote returns ErrRunning if a server uses the directories, which stay locked for this process until
// Terminate.
func (a *App) Promote(ctx context.Context, p Promotion) (_ Promoted, err error) {
	started := time.Now()
	if err := a.Config.Validate(); err != nil {
		return Promoted{}, err
	}
	if p.Restore && a.Config.LitestreamReplica == "" {
		return Promoted{}, errors.New("LITESTREAM_REPLICA is not set: set it to the replica of the former server, or add --no-restore")
	}
	if err := a.lockForPromotion(); err != nil {
		return Promoted{}, err
	}
	present, err := hasContent(filepath.Join(a.DataDir(), sqlite.DataFile))
	switch {
	case err != nil:
		return Promoted{}, fmt.Errorf("open data directory: %w", err)
	case present && p.Restore && !p.Replace:
		return Promoted{}, fmt.Errorf("%s contains a global database: add --replace to move it aside, or --no-restore to take over with it", a.DataDir())
	case !present && !p.Restore:
		return Promoted{}, fmt.Errorf("there is no data in %s: leave out --no-restore, or set DATA_DIR", a.DataDir())
	}
	result := Promoted{Restored: p.Restore}
	file := filepath.Join(a.DataDir(), sqlite.DataFile)
	if p.Restore {
		defer func() { err = errors.Join(err, standby.RemoveCopy(a.DataDir())) }() // if it wasn't installed
		if file, err = a.fetchCopy(ctx, p); err != nil {
			return Promoted{}, err
		}
	}
	if err := a.takeOver(ctx, file, &result); err != nil {
		return Promoted{}, err
	}
	if p.Restore {
		result.Aside, err = standby.Install(ctx, a.DataDir(), standby.AsidePrefix+started.UTC().Format("20060102T150405Z"))
		if err != nil {
			return Promoted{}, err
		}
	}
	if err := standby.WriteMark(a.Config.UserDBsDir, result.Incarnation); err != nil {
		return Promoted{}, err
	}
	result.Seconds = time.Since(started).Seconds()
	return result, nil
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

// fetchCopy returns the path of the newest copy.
func (a *App) fetchCopy(ctx context.Context, p Promotion) (string, error) {
	file, err := standby.NewCopy(a.DataDir())
	if err != nil {
		return "", err
	}
	litestream := standby.Litestream{Program: p.Litestream, Config: p.LitestreamConfig, Env: a.Config.LitestreamEnv, DataDir: a.DataDir()}
	return file, litestream.Restore(ctx, file)
}

// takeOver checks a global database and increments its incarnation, beyond that of every server that has used the user
// databases.
func (a *App) takeOver(ctx context.Context, file string, result *Promoted) error {
	if err := a.inspectCopy(ctx, file, result); err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("find the name of this machine: %w", err)
	}
	mark, err := standby.ReadMark(a.Config.UserDBsDir)
	if err != nil {
		return err
	}
	db, err := sqlite.Open(file)
	if err != nil {
		return err
	}
	own, err := standby.Read(ctx, db)
	if err == nil {
		result.Incarnation = standby.Incarnation{Number: max(own.Number, mark.Number) + 1, Since: time.Now().UTC().Truncate(time.Second), Host: host}
		err = standby.Write(ctx, db, result.Incarnation)
	}
	return errors.Join(err, db.Close())
}

func (a *App) inspectCopy(ctx context.Context, file string, result *Promoted) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	result.Bytes = info.Size()
	db, err := sqlite.OpenReadOnly(file)
	if err != nil {
		return fmt.Errorf("open the global database: %w", err)
	}
	_, err = a.inspectDatabase(ctx, db, true)
	if err == nil {
		result.Missing, result.Databases, err = userdb.Missing(ctx, db, a.Config.UserDBsDir)
	}
	return errors.Join(err, db.Close())
}

// checkIncarnation returns an error if another server has taken over the user databases. It detects that only if both
// servers use the same folder, such as one on a disk that was attached to the other machine.
func (a *App) checkIncarnation(ctx context.Context, db dbx.Builder) error {
	own, err := standby.Read(ctx, db)
	if err != nil {
		return err
	}
	mark, err := standby.ReadMark(a.Config.UserDBsDir)
	if err != nil {
		return err
	}
	if mark.Number > own.Number {
		return fmt.Errorf("another server, promoted on %s at %s, has taken over the user databases in %s: "+
			"leave this one off, or take over again with \"fathom-to-loom promote --no-restore\"", mark.Host, mark.Since.Format(time.RFC3339), a.Config.UserDBsDir)
	}
	return nil
}

// markUserDatabases completes a promotion that was interrupted before it marked the user databases, and marks those
// that were copied here afterwards.
func (a *App) markUserDatabases(ctx context.Context) error {
	file := filepath.Join(a.DataDir(), sqlite.DataFile)
	if present, err := hasContent(file); err != nil || !present {
		return err
	}
	db, err := sqlite.OpenReadOnly(file)
	if err != nil {
		return err
	}
	own, err := standby.Read(ctx, db)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	mark, err := standby.ReadMark(a.Config.UserDBsDir)
	if err != nil || mark.Number >= own.Number {
		return err
	}
	return standby.WriteMark(a.Config.UserDBsDir, own)
}

// hasContent reports whether there is a file that isn't empty.
func hasContent(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Size() > 0, err
}
