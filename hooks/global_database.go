package hooks

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// optimizeJob is the id of PocketBase's nightly maintenance.
const optimizeJob = "__pbDBOptimize__"

// optimizeDatabase replaces PocketBase's nightly maintenance of the global database. Its checkpoint waits up to ten
// seconds for readers, during which nobody can write, and Litestream always reads. A log that is in use is left to the
// checkpoints that SQLite and Litestream do while they write.
func (h handlers) optimizeDatabase(ctx context.Context) error {
	for _, file := range []string{sqlite.DataFile, sqlite.AuxiliaryFile} {
		if err := sqlite.TruncateLog(ctx, filepath.Join(h.DataDir(), file)); err != nil {
			h.Log.DebugContext(ctx, "skipped the nightly checkpoint", "file", file, "error", err)
		}
	}
	_, err := h.NonconcurrentDB().NewQuery("PRAGMA optimize").WithContext(ctx).Execute()
	return errors.Join(err, ctx.Err())
}
