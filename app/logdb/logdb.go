// Package logdb bounds the log databases of PocketBase, auxiliary.db: their size, the size of their entries and
// what is worth an entry. PocketBase itself only limits the age of entries, so that a burst could fill the disk.
package logdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Maximum sizes of a log database in bytes. The oldest entries are deleted to keep them.
const (
	MaxGlobal = 64 << 20
	MaxUser   = 1 << 20
)

const (
	maxEntry   = 16 << 10 // bytes; larger entries are cut
	maxMessage = 2 << 10  // bytes
)

// Level is the lowest level that log databases keep. The server's own log has the others.
const Level = slog.LevelWarn

// maxDays limits the age of entries.
const maxDays = 30

// Settings changes the settings of a PocketBase so that its log keeps warnings and errors for 1 to 30 days.
func Settings(settings *core.Settings) {
	settings.Logs.MinLevel = int(Level)
	settings.Logs.MaxDays = min(max(settings.Logs.MaxDays, 1), maxDays)
}

// causedByClients are warnings of PocketBase that anyone can cause as often as they like, with a request that
// isn't unusual in any other way.
var causedByClients = []string{
	"failed to apply default enriching", // unknown relations to expand
	"[recordAuthResponse] Failed to expand relations",
	"Too many OTP requests - reusing the last issued",
}

// Bound keeps the entries of an app's log database below maxBytes in total while they are written, and repeats them in
// the server's own log. PocketBase writes entries in batches, up to three seconds after they were logged. Call Bound
// once for each app, before the app is bootstrapped.
func Bound(app core.App, maxBytes int64, serverLog *slog.Logger) {
	written := new(atomic.Int64) // since the last trim
	app.OnModelCreate(core.LogsTableName).Bind(&hook.Handler[*core.ModelEvent]{
		Id: "boundLog",
		Func: func(e *core.ModelEvent) error {
			if entry, ok := e.Model.(*core.Log); ok {
				if slices.Contains(causedByClients, entry.Message) {
					return nil
				}
				repeat(e.Context, serverLog, entry)
				written.Add(cut(entry))
			}
			if err := e.Next(); err != nil {
				return err
			}
			if written.Load() > maxBytes/16 {
				written.Store(0)
				return trim(e.Context, e.App, maxBytes)
			}
			return nil
		},
	})
}

// cut shortens an entry that is too long, and returns its approximate size in bytes.
func cut(entry *core.Log) int64 {
	if len(entry.Message) > maxMessage {
		entry.Message = sanitize.TruncateBytes(entry.Message, maxMessage) + "…"
	}
	data := entry.Data.String()
	if len(data) > maxEntry {
		data = sanitize.TruncateBytes(data, maxEntry) + "…"
		entry.Data = types.JSONMap[any]{"cut": data}
	}
	return int64(len(entry.Message) + len(data) + 100)
}

// trim deletes the oldest entries until the pages in use have at most three quarters of maxBytes. Deleted pages
// are used again, so the file stops growing.
func trim(ctx context.Context, app core.App, maxBytes int64) error {
	db := app.AuxNonconcurrentDB()
	for {
		var used, entries int64
		err := db.NewQuery("SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size").
			WithContext(ctx).Row(&used)
		if err == nil {
			err = db.NewQuery("SELECT COUNT(*) FROM _logs").WithContext(ctx).Row(&entries)
		}
		if err != nil {
			return fmt.Errorf("measure log database: %w", err)
		}
		if used <= maxBytes*3/4 || entries == 0 {
			return nil
		}
		// Entries are numbered in the order in which they were written.
		_, err = db.NewQuery("DELETE FROM _logs WHERE rowid IN (SELECT rowid FROM _logs ORDER BY rowid LIMIT {:n})").
			Bind(map[string]any{"n": entries/4 + 1}).WithContext(ctx).Execute()
		if err != nil {
			return fmt.Errorf("delete the oldest log entries: %w", err)
		}
	}
}

// Shrink deletes the oldest entries of an app's log database and returns the free space to the disk, if the file
// is larger than maxBytes. Earlier versions wrote such files.
func Shrink(ctx context.Context, app core.App, maxBytes int64) error {
	size, err := sizeOf(app)
	if err != nil || size <= maxBytes {
		return err
	}
	if err := trim(ctx, app, maxBytes); err != nil {
		return err
	}
	for _, statement := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := app.AuxNonconcurrentDB().NewQuery(statement).WithContext(ctx).Execute(); err != nil {
			return fmt.Errorf("shrink log database: %w", err)
		}
	}
	return nil
}

// sizeOf returns the size of an app's log database including its write-ahead log, in bytes.
func sizeOf(app core.App) (size int64, err error) {
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(filepath.Join(app.DataDir(), sqlite.AuxiliaryFile+suffix))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("measure log database: %w", err)
		}
		size += info.Size()
	}
	return size, nil
}
