package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/standby"
)

// ErrNoBackups means that no destination for backups is set.
var ErrNoBackups = errors.New("no backups are configured: set BACKUP_DIR or BACKUP_S3_BUCKET, and BACKUP_KEY")

// backupPartSize limits the memory of uploads: each holds two parts.
const backupPartSize = 8 << 20

// BackupRepository returns the destination of backups, and a function that ends its use. It needs neither a server nor the data
// directories. It returns ErrNoBackups without a destination.
func (a *App) BackupRepository() (_ *backup.Repository, closeIdle func(), err error) {
	cfg := a.Config
	if !cfg.BackupEnabled() {
		return nil, nil, ErrNoBackups
	}
	keys, err := backup.ParseKeys(cfg.BackupKey.Reveal(), cfg.BackupRecipients)
	if err != nil {
		return nil, nil, err
	}
	if cfg.BackupDir != "" {
		return backup.NewRepository(store.NewDisk(cfg.BackupDir, ledger.New(ledger.Config{Free: a.FreeSpace})), keys), func() {}, nil
	}
	access := cfg.BackupS3()
	bucket, err := blob.NewS3(blob.S3Config{
		Endpoint: access.Endpoint, Bucket: access.Bucket, Region: access.Region, PathStyle: access.PathStyle, Prefix: access.Prefix,
		AccessKey: access.AccessKey.Reveal(), SecretKey: access.SecretKey.Reveal(), PartSize: backupPartSize,
		Network: a.Network(), Logger: a.logger("backup"),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("use BACKUP_S3_BUCKET: %w", err)
	}
	return backup.NewRepository(store.NewS3(bucket), keys), bucket.Close, nil
}

// buildBackups creates the service of backups. Without a destination, Backups stays nil.
func (a *App) buildBackups() error {
	repository, closeIdle, err := a.BackupRepository()
	if errors.Is(err, ErrNoBackups) {
		return nil
	}
	if err != nil {
		return err
	}
	a.closeBackups = closeIdle
	a.Backups = backup.New(backup.Config{
		Repository: repository, DataDir: a.DataDir(), UserDBsDir: a.Config.UserDBsDir, Databases: a.Databases, Blobs: a.Blobs, Ledger: a.ledger,
		S3Recordings: a.Config.BackupS3Recordings, Keep: backup.Keep(a.Config.BackupKeep), Program: BuildVersion(), Logger: a.logger("backup"), Ended: a.reportBackup,
		InstallationID: func(ctx context.Context) (string, error) { return backup.InstallationID(ctx, a.NonconcurrentDB()) },
	})
	return nil
}

// BackupState is what the destination of backups contains, and how the attempts of this machine went. Unset times are zero.
type BackupState struct {
	Newest     time.Time        // when the newest backup at the destination began
	Incomplete int              // databases of which the newest backup lacks something
	Unusable   []backup.Problem // newer backups that can't be used

	backup.Status // as recorded in the data directory
}

// BackupState reads the destination of backups. It returns ErrNoBackups without one, or an error of the destination.
func (a *App) BackupState(ctx context.Context) (state BackupState, err error) {
	repository, closeIdle, err := a.BackupRepository()
	if err != nil {
		return BackupState{}, err
	}
	defer closeIdle()
	if state.Status, err = backup.ReadStatus(a.DataDir()); err != nil {
		return BackupState{}, err
	}
	switch newest, err := repository.Find(ctx, backup.Latest); {
	case err == nil:
		state.Newest, state.Incomplete, state.Unusable = newest.Created, newest.Incomplete, newest.Skipped
	case !errors.Is(err, backup.ErrNoSet):
		return BackupState{}, err
	}
	return state, nil
}

// VerifyBackup checks a backup. The databases are restored beside the user databases, if they exist, because their disk is large
// enough; its reserve stays free.
func (a *App) VerifyBackup(ctx context.Context, name string) (result backup.Verification, err error) {
	repository, closeIdle, err := a.BackupRepository()
	if err != nil {
		return backup.Verification{}, err
	}
	defer closeIdle()
	scratch := a.Config.UserDBsDir
	if _, err := os.Stat(scratch); err != nil {
		scratch = os.TempDir()
	}
	return repository.Verify(ctx, name, scratch, ledger.New(ledger.Config{Free: a.FreeSpace}))
}

// RestoreEverything restores everything in a backup: into the data directories, which no server may use, or, unless into is blank,
// into the folders pb_data and user_dbs in that folder.
func (a *App) RestoreEverything(ctx context.Context, name, into string, replace bool) (result backup.Restored, err error) {
	if into == "" {
		if err := a.Config.Validate(); err != nil {
			return backup.Restored{}, err
		}
	}
	repository, closeIdle, err := a.BackupRepository()
	if err != nil {
		return backup.Restored{}, err
	}
	defer closeIdle()
	if err := a.buildBlobs(); err != nil {
		return backup.Restored{}, err
	}
	to := backup.Restore{
		DataDir: a.DataDir(), UserDBsDir: a.Config.UserDBsDir, Ledger: ledger.New(ledger.Config{Free: a.FreeSpace}),
		Replace: replace, Now: time.Now, Check: a.checkRestored,
	}
	if a.Blobs.S3 != nil {
		to.S3 = a.Blobs.S3
		defer a.Blobs.S3.Close()
	}
	if into != "" {
		to.DataDir, to.UserDBsDir, to.Check = filepath.Join(into, "pb_data"), filepath.Join(into, "user_dbs"), nil
	}
	for _, dir := range []string{to.DataDir, to.UserDBsDir} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return backup.Restored{}, fmt.Errorf("create data directory: %w", err)
		}
		if err := a.lock(dir); err != nil {
			return backup.Restored{}, err
		}
	}
	defer func() { err = errors.Join(err, a.unlock()) }()
	if _, err := a.completeInterrupted(to.DataDir, to.UserDBsDir); err != nil {
		return backup.Restored{}, err
	}
	if into != "" {
		return repository.Restore(ctx, name, to)
	}
	if err := a.checkReplaceable(ctx); err != nil {
		return backup.Restored{}, err
	}
	if result, err = repository.Restore(ctx, name, to); err != nil {
		return result, err
	}
	return result, a.markUserDatabases(ctx)
}

// checkReplaceable returns an error if this server was replaced by another one, or if another program uses its global
// database.
func (a *App) checkReplaceable(ctx context.Context) error {
	if own, known := a.presentIncarnation(ctx); known {
		if err := a.compareWithMark(own); err != nil {
			return err
		}
	}
	if err := standby.CheckUnused(ctx, a.DataDir()); err != nil {
		return fmt.Errorf("replace the global database in %s: %w", a.DataDir(), err)
	}
	return nil
}

// checkRestored returns an error unless this version, with these settings, can serve a restored global database, and raises
// its incarnation. If nobody knows whether the user databases were this server's, it takes them over.
func (a *App) checkRestored(ctx context.Context, file string) error {
	db, err := sqlite.OpenReadOnly(file)
	if err != nil {
		return err
	}
	_, err = a.inspectDatabase(ctx, db, copied|serving)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("use the restored data with these settings (nothing was replaced): %w", err)
	}
	if err := a.checkReplaceable(ctx); err != nil {
		return err
	}
	mark, err := standby.ReadMark(a.Config.UserDBsDir)
	if err != nil {
		return err
	}
	_, known := a.presentIncarnation(ctx)
	_, err = a.raiseIncarnation(ctx, file, !known && mark.Number > 1)
	return err
}
