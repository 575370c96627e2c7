package transfer

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	// maxUnreadable limits the items that are kept of each user.
	maxUnreadable = 1000

	// maxUnreadableSize is the size in bytes up to which an item is kept. A larger one is read again when Fathom next
	// lists it.
	maxUnreadableSize = 256 << 10

	// maxReadAgain limits how many items one run reads again.
	maxReadAgain = 200
)

// setAside keeps an item that can't be read or stored, so that a later version of this program can read it. app is a
// transaction.
func (r *syncRun) setAside(ctx context.Context, app core.App, raw json.RawMessage, cause error) error {
	recordingID := recordingIDIn(raw)
	key := recordingID
	if key == "" {
		sum := sha256.Sum256(raw)
		key = hex.EncodeToString(sum[:])
	}
	record, err := app.FindFirstRecordByData(schema.UnreadableMeetings, "key", key)
	if errors.Is(err, sql.ErrNoRows) {
		count, err := countUnreadable(app)
		if err != nil || count >= maxUnreadable {
			return err
		}
		collection, err := app.FindCachedCollectionByNameOrId(schema.UnreadableMeetings)
		if err != nil {
			return err
		}
		record = core.NewRecord(collection)
		record.Set("key", key)
		r.aside.add(key, cause)
	} else if err != nil {
		return fmt.Errorf("find unreadable meeting %s: %w", key, err)
	}
	if len(raw) > maxUnreadableSize {
		raw = nil
	}
	if !record.IsNew() && record.GetString("version") == r.service.version && record.GetString("raw") == jsonOf(types.JSONRaw(raw)) {
		return nil
	}
	record.Set("recording_id", recordingID)
	record.Set("raw", types.JSONRaw(jsonOf(types.JSONRaw(raw))))
	record.Set("reason", sanitize.Truncate(sanitize.SingleLine(cause.Error()), 300))
	record.Set("version", r.service.version)
	if err := app.SaveWithContext(ctx, record); err != nil {
		return fmt.Errorf("set meeting %s aside: %w", key, err)
	}
	return nil
}

// recordingIDIn returns the id in an item as text, or a blank string if it has none.
func recordingIDIn(raw json.RawMessage) string {
	var item struct {
		RecordingID json.RawMessage `json:"recording_id"`
	}
	if json.Unmarshal(raw, &item) != nil {
		return ""
	}
	id, err := strconv.ParseUint(strings.Trim(string(item.RecordingID), `"`), 10, 64)
	if err != nil || id == 0 {
		return ""
	}
	return strconv.FormatUint(id, 10)
}

// newlySetAside collects what a run sets aside for the first time, to log it in one line however much that is. The
// zero value is empty.
type newlySetAside struct {
	count int
	keys  []string // the first ones
	cause error    // why the first one was set aside
}

const maxLoggedKeys = 5

func (n *newlySetAside) add(key string, cause error) {
	n.count++
	if n.cause == nil {
		n.cause = cause
	}
	if len(n.keys) < maxLoggedKeys {
		n.keys = append(n.keys, key)
	}
}

func (n *newlySetAside) log(ctx context.Context, logger *slog.Logger, database string) {
	if n.count > 0 {
		logger.WarnContext(ctx, "set meetings aside that can't be read", "database", database, "meetings", n.count, "recordings", n.keys, "error", n.cause)
	}
}

// readSetAsideAgain reads what another version of this program could not read.
func (r *syncRun) readSetAsideAgain(ctx context.Context) error {
	records, err := r.db.App.FindRecordsByFilter(schema.UnreadableMeetings, "version != {:version}", "", maxReadAgain, 0,
		dbx.Params{"version": r.service.version})
	if err != nil {
		return fmt.Errorf("find unreadable meetings: %w", err)
	}
	for _, record := range records {
		if err := r.readAgain(ctx, record); err != nil {
			return fmt.Errorf("read meeting %s again: %w", record.GetString("key"), err)
		}
	}
	return nil
}

func (r *syncRun) readAgain(ctx context.Context, record *core.Record) error {
	raw := json.RawMessage(record.GetString("raw"))
	var meeting fathom.Meeting
	if err := json.Unmarshal(raw, &meeting); err != nil {
		record.Set("version", r.service.version)
		return r.db.App.SaveWithContext(ctx, record)
	}
	page := fathom.Page[fathom.Meeting]{Items: []fathom.Meeting{meeting}}
	space, err := r.db.Space.Reserve("meeting", sizeOf(page))
	if err != nil {
		return err
	}
	defer space.Release()
	return r.db.App.RunInTransaction(func(tx core.App) error {
		if err := r.saveMeetings(ctx, tx, page.Items); err != nil {
			return err
		}
		// A meeting that can be read, but still not stored, has been set aside under its recording id.
		if record.GetString("key") == strconv.FormatInt(meeting.RecordingID, 10) {
			return nil
		}
		return tx.DeleteWithContext(ctx, record)
	})
}

// removeSetAside removes the items of meetings that have been read. It bypasses PocketBase to be fast: usually, there
// are none. app is a transaction.
func removeSetAside(app core.App, recordingIDs []int64) error {
	if len(recordingIDs) == 0 {
		return nil
	}
	keys := make([]any, len(recordingIDs))
	for i, id := range recordingIDs {
		keys[i] = strconv.FormatInt(id, 10)
	}
	if _, err := app.NonconcurrentDB().Delete(schema.UnreadableMeetings, dbx.In("key", keys...)).Execute(); err != nil {
		return fmt.Errorf("remove unreadable meetings: %w", err)
	}
	return nil
}

func countUnreadable(app core.App) (int, error) {
	count, err := app.CountRecords(schema.UnreadableMeetings)
	if err != nil {
		return 0, fmt.Errorf("count unreadable meetings: %w", err)
	}
	return int(count), nil
}
