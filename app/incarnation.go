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

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/standby"
)

// checkIncarnation returns an error if another server has taken over the user databases. It detects that only if both
// servers use the same folder, such as one on a disk that was attached to the other machine.
func (a *App) checkIncarnation(ctx context.Context, db *dbx.DB, _ databaseContent) error {
	own, err := standby.Read(ctx, db)
	if err != nil {
		return err
	}
	return a.compareWithMark(own)
}

func (a *App) compareWithMark(own standby.Incarnation) error {
	mark, err := standby.ReadMark(a.Config.UserDBsDir)
	if err != nil {
		return err
	}
	if mark.Number > own.Number {
		return fmt.Errorf("another server, promoted on %s at %s, has taken over the user databases in %s: leave this one off, "+
			"or take over again with \"fathom-to-loom promote --old-server-is-off --no-restore\"", mark.Host, mark.Since.Format(time.RFC3339), a.Config.UserDBsDir)
	}
	return nil
}

// presentIncarnation returns the incarnation of the global database in the data directory, and whether it is known: the
// database may be missing or damaged.
func (a *App) presentIncarnation(ctx context.Context) (own standby.Incarnation, known bool) {
	file := filepath.Join(a.DataDir(), sqlite.DataFile)
	if present, err := hasContent(file); err != nil || !present {
		return standby.Incarnation{}, false
	}
	db, err := sqlite.OpenReadOnly(file)
	if err != nil {
		return standby.Incarnation{}, false
	}
	own, err = standby.Read(ctx, db)
	err = errors.Join(err, db.Close())
	return own, err == nil
}

// raiseIncarnation raises the incarnation of a global database that becomes, or is, that of the data directory, to that of
// every server that is known to have used the directories and, with takeOver, beyond it.
func (a *App) raiseIncarnation(ctx context.Context, file string, takeOver bool) (raised standby.Incarnation, err error) {
	host, err := os.Hostname()
	if err != nil {
		return raised, fmt.Errorf("find the name of this machine: %w", err)
	}
	mark, err := standby.ReadMark(a.Config.UserDBsDir)
	if err != nil {
		return raised, err
	}
	present, _ := a.presentIncarnation(ctx)
	db, err := sqlite.Open(file)
	if err != nil {
		return raised, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	recorded, err := standby.Read(ctx, db)
	if err != nil {
		return raised, err
	}
	if raised = standby.Raise(takeOver, time.Now(), host, recorded, present, mark); raised.Number == recorded.Number {
		return raised, nil
	}
	return raised, standby.Write(ctx, db, raised)
}

// markUserDatabases marks user databases that were copied here after a promotion.
func (a *App) markUserDatabases(ctx context.Context) error {
	own, known := a.presentIncarnation(ctx)
	if !known {
		return ctx.Err()
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
