package transfer

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// wasHandedOverSQL is the SQL condition of the transfers without a link that wait for their owner, or did before.
const wasHandedOverSQL = `([[status]] = 'awaiting_share_url' OR
	CASE WHEN json_valid([[delivery]]) THEN COALESCE(json_extract([[delivery]], '$.handed_over'), FALSE) ELSE FALSE END)`

// handedOverBefore returns which recordings have been handed over to their owner and have no link yet. Their owner may have
// uploaded them, whatever has happened to the transfer since.
func handedOverBefore(ctx context.Context, db *userdb.Database, recordingIDs []int64) (map[int64]bool, error) {
	ids := make([]any, len(recordingIDs))
	for i, id := range recordingIDs {
		ids[i] = id
	}
	var found []int64
	err := db.App.ConcurrentDB().Select("recording_id").From(schema.Transfers).
		Where(dbx.In("recording_id", ids...)).AndWhere(dbx.NewExp(wasHandedOverSQL)).WithContext(ctx).Column(&found)
	if err != nil {
		return nil, fmt.Errorf("list transfers that were handed over: %w", err)
	}
	handedOver := make(map[int64]bool, len(found))
	for _, id := range found {
		handedOver[id] = true
	}
	return handedOver, nil
}

// wasHandedOver reports what setHandedOver has recorded.
func wasHandedOver(transfer *core.Record) bool {
	var saved savedDelivery
	return transfer.UnmarshalJSONField("delivery", &saved) == nil && saved.HandedOver
}

// setHandedOver records that a recording has been handed over, until there is a link.
func setHandedOver(transfer *core.Record) {
	var saved savedDelivery
	if err := transfer.UnmarshalJSONField("delivery", &saved); err != nil || saved.HandedOver {
		return // deliveryState reports what can't be decoded
	}
	saved.HandedOver = true
	transfer.Set("delivery", saved)
}
