package app

import (
	"errors"
	"fmt"
	"os"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/standby"
)

// Every process that owns the data directories calls completeInterrupted first, before it examines what they contain;
// those that may change nothing call checkInterrupted. Otherwise a later process would complete what was interrupted, and
// put it in the place of newer data.

// completeInterrupted completes a restore of a backup or a promotion that was interrupted while it replaced the data. It
// returns the promotion, or nil. The directories must be locked.
func (a *App) completeInterrupted(dataDir, userDBsDir string) (*standby.Promoted, error) {
	if _, err := os.Stat(dataDir + "/."); err != nil {
		return nil, nil // it is missing, or its inspection explains why it can't be used
	}
	set, err := backup.FinishRestore(dataDir)
	if err != nil {
		return nil, err
	}
	if set != "" {
		a.Log.Info("completed the interrupted restore of a backup", "backup", set)
	}
	promoted, found, err := standby.Finish(dataDir, userDBsDir)
	if err != nil || !found {
		return nil, err
	}
	a.Log.Info("completed the interrupted promotion", "incarnation", promoted.Incarnation.Number)
	return &promoted, nil
}

// ErrInterrupted means that a command was interrupted while it replaced the data. The next start completes its work.
var ErrInterrupted = errors.New("start the server, which completes it")

// checkInterrupted returns ErrInterrupted if completeInterrupted has something to do.
func (a *App) checkInterrupted() error {
	if _, err := os.Stat(a.DataDir() + "/."); err != nil {
		return nil // as above
	}
	set, err := backup.UnfinishedRestore(a.DataDir())
	if err != nil {
		return err
	}
	if set != "" {
		return fmt.Errorf("the restore of backup %s was interrupted while it replaced the data: %w", set, ErrInterrupted)
	}
	_, found, err := standby.Unfinished(a.DataDir())
	if err == nil && found {
		err = fmt.Errorf("the promotion of this server was interrupted: %w", ErrInterrupted)
	}
	return err
}
