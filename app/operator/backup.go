package operator

import (
	"context"
	"errors"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

// CreateBackupRequest configures a backup.
type CreateBackupRequest struct {
	TakeOver bool `json:"take_over,omitempty"` // the destination becomes this server's, whoever owned it
}

// RestoreUserRequest selects a user in a backup.
type RestoreUserRequest struct {
	Backup  string `json:"backup"` // its name, or backup.Latest
	User    string `json:"user"`   // e-mail address, or the name of the database
	Replace bool   `json:"replace,omitempty"`
	// Key is an age identity that can decrypt the backup: the server may have none. It isn't recorded anywhere.
	Key string `json:"key,omitempty"`
	ID  string `json:"id,omitempty"` // of the call, chosen by the client, for StopRestore
}

// StopRestoreRequest names a running call of RestoreUser.
type StopRestoreRequest struct {
	ID string `json:"id"`
}

// StoppedRestore says how a call of RestoreUser ended.
type StoppedRestore struct {
	Stopped bool `json:"stopped"` // nothing was replaced; otherwise the call returns its own result
}

// Operations on backups. Those that need no data directory aren't operations: commands use a backup.Repository.
var (
	CreateBackup = Operation[CreateBackupRequest, backup.Result]{Name: "backup/create"}
	RestoreUser  = Operation[RestoreUserRequest, backup.RestoredUser]{Name: "backup/restore-user"}
	StopRestore  = Operation[StopRestoreRequest, StoppedRestore]{Name: "backup/stop-restore"}
)

var errNoDestination = errors.New("no backups are configured: set BACKUP_DIR or BACKUP_S3_BUCKET, and BACKUP_KEY, and restart the server")

func bindBackups(server *control.Server, cfg Config) {
	CreateBackup.bindOne(server, func(ctx context.Context, request CreateBackupRequest) (backup.Result, error) {
		if cfg.Backups == nil {
			return backup.Result{}, errNoDestination
		}
		if request.TakeOver {
			if err := cfg.Backups.TakeOver(ctx); err != nil {
				return backup.Result{}, err
			}
		}
		return cfg.Backups.Create(ctx)
	})
	restores := &runningRestores{calls: map[string]*restoreCall{}}
	RestoreUser.bindOne(server, func(ctx context.Context, request RestoreUserRequest) (backup.RestoredUser, error) {
		if cfg.Backups == nil {
			return backup.RestoredUser{}, errNoDestination
		}
		restore := backup.UserRestore{Set: request.Backup, User: request.User, Replace: request.Replace}
		if request.Key != "" && !cfg.Backups.Repository.CanDecrypt() {
			var err error
			if restore.Keys, err = backup.ParseKeys(request.Key, nil); err != nil {
				return backup.RestoredUser{}, err
			}
		}
		return restores.run(ctx, request.ID, func(ctx context.Context) (backup.RestoredUser, error) {
			return cfg.Backups.RestoreUser(ctx, restore)
		})
	})
	StopRestore.bindOne(server, restores.stop)
}
