package hooks

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// updatedField is the field that tells clients which of two versions of a record is newer.
const updatedField = "updated"

// advanceUpdated makes each version of a record at least a millisecond newer than the one before it. PocketBase sends
// each realtime message from a goroutine of its own: with equal times, a client that receives two versions in the
// wrong order would keep the older one.
func advanceUpdated(e *core.RecordEvent) error {
	if _, ok := e.Record.Collection().Fields.GetByName(updatedField).(*core.AutodateField); !ok {
		return e.Next()
	}
	last := e.Record.GetDateTime(updatedField).Time().Truncate(time.Millisecond) // as it is stored
	if time.Now().Truncate(time.Millisecond).After(last) {
		return e.Next()
	}
	next, err := types.ParseDateTime(last.Add(time.Millisecond))
	if err != nil {
		return err
	}
	e.Record.SetRaw(updatedField, next) // Set ignores dates that PocketBase sets
	return e.Next()
}
