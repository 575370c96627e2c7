package app

import (
	"context"
	"path/filepath"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// checkLog reports damage in the write-ahead log of the global database, before PocketBase opens it. The server starts with
// what precedes the damage, which is all that SQLite can read.
func (a *App) checkLog(ctx context.Context) {
	aside, err := sqlite.SetDamagedLogAside(ctx, filepath.Join(a.DataDir(), sqlite.DataFile))
	if err != nil {
		a.Log.ErrorContext(ctx, "failed to check the write-ahead log of the global database", "error", err)
	}
	if aside != "" {
		a.Log.ErrorContext(ctx, "write-ahead log of the global database is damaged: what was saved after the damage is lost, unless a backup has it", "kept", aside)
	}
}
