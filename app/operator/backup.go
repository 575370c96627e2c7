package operator

import (
	"context"
	"errors"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

// RestoreUserRequest selects a user in a backup.
type RestoreUserRequest struct {
	Backup  string `json:"backup"` // its name, or backup.Latest
	User    string `json:"user"`   // e-mail address, or the name of the database
	Replace bool   `json:"replace,omitempty"`
	Key     string `json:"key,omitempty"` // the caller's BACKUP_KEY, for a server that has none
}

// Operations on backups. Those that need no data directory aren't operations: commands use a backup.Repository.
var (
	CreateBackup = Operation[struct{}, backup.Result]{Name: "backup/create"}
	RestoreUser  = Operation[RestoreUserRequest, backup.RestoredUser]{Name: "backup/restore-user"}
)

var errNoDestination = errors.New("no backups are configured: set BACKUP_DIR or BACKUP_S3_BUCKET, and BACKUP_KEY, and restart the server")

func bindBackups(server *control.Server, cfg Config) {
	CreateBackup.bindOne(server, func(ctx context.Context, _ struct{}) (backup.Result, error) {
		if cfg.Backups == nil {
			return backup.Result{}, errNoDestination
		}
		return cfg.Backups.Create(ctx)
	})
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
		return cfg.Backups.RestoreUser(ctx, restore)
	})
}
