package operator

import (
	"context"
	"errors"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

// CreateBackup creates a backup of everything. It has no parameters.
var CreateBackup = Operation[struct{}, backup.Result]{Name: "backup/create"}

var errNoDestination = errors.New("no backups are configured: set BACKUP_DIR or BACKUP_S3_BUCKET, and BACKUP_KEY, and restart the server")

func bindBackups(server *control.Server, cfg Config) {
	CreateBackup.bindOne(server, func(ctx context.Context, _ struct{}) (result backup.Result, err error) {
		if cfg.Backups == nil {
			return backup.Result{}, errNoDestination
		}
		return cfg.Backups.Create(ctx)
	})
}
