package app

import (
	"context"
	"errors"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Diagnosis is what a start would find in the data directories. Each error would prevent the start, and is nil if
// there is no such problem or if it can't be known.
type Diagnosis struct {
	DB      *dbx.DB  // the global database, opened for reading; nil if there is none or it can't be read
	Pending []string // migrations that the next start applies

	PreviousKeys int // data keys that another master key than the current one wrapped

	Folders     error // the directories can't be used
	Database    error // the global database can't be read
	Origin      error // another application or a newer version wrote it
	SettingsKey error // PB_ENCRYPTION_KEY is another one
	MasterKey   error // AES_MASTER_KEY is another one
}

// Usable reports whether DB has the tables of this version.
func (d Diagnosis) Usable() bool {
	return d.DB != nil && d.Database == nil && d.Origin == nil && len(d.Pending) == 0
}

// Diagnose examines the data directories as a start does, but finds everything that would prevent the start. It changes
// nothing, needs no lock, and may run beside a server. The caller closes DB.
func (a *App) Diagnose(ctx context.Context) (found Diagnosis) {
	found.Folders = a.checkFolders()
	if found.DB, found.Database = a.openForInspection(); found.DB == nil {
		return found
	}
	content, err := a.readContent(ctx, found.DB)
	if err != nil {
		found.Database = err
		return found
	}
	if found.Origin = a.checkOrigin(ctx, found.DB, content); found.Origin == nil {
		found.Pending = migrations.Pending(content.applied)
	}
	if a.Config.SettingsKey() != "" {
		found.SettingsKey = a.checkSettingsKey(ctx, found.DB, content)
	}
	if _, err := newVault(a.Config); err == nil {
		found.MasterKey = a.checkMasterKey(ctx, found.DB, content)
		if content.has(migrations.UserDatabases) {
			// An error shows wherever the registry is read.
			found.PreviousKeys, _ = a.previousKeyUses(ctx, found.DB, content.has(migrations.FathomRemovals))
		}
	}
	return found
}

// ErrNoS3 means that recordings are stored on disk.
var ErrNoS3 = errors.New("S3 is not configured")

// CheckS3 checks the bucket for recordings with a small object, which it removes again. It returns ErrNoS3, or the error
// of blob.S3.Check.
func (a *App) CheckS3(ctx context.Context, limit time.Duration) error {
	if !a.Config.S3Enabled() {
		return ErrNoS3
	}
	store, err := a.newS3()
	if err != nil {
		return err
	}
	defer store.Close()
	return store.Check(ctx, limit)
}
