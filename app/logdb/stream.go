package logdb

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// inServerLog marks entries that the server's own log has already. It is removed before they are written.
const inServerLog = "__in_server_log"

// Add writes an entry that [Bound] doesn't repeat in the server's own log, because the caller has logged it there or
// it is of use in the admin UI only.
func Add(ctx context.Context, app core.App, level slog.Level, message string, attrs ...slog.Attr) {
	app.Logger().LogAttrs(ctx, level, message, append(attrs, slog.Bool(inServerLog, true))...)
}

// repeat writes an entry to the server's own log, with the time at which it was logged, unless Add has created it.
func repeat(ctx context.Context, to *slog.Logger, entry *core.Log) {
	if _, ok := entry.Data[inServerLog]; ok {
		delete(entry.Data, inServerLog)
		return
	}
	level := slog.Level(entry.Level)
	if !to.Enabled(ctx, level) {
		return
	}
	record := slog.NewRecord(entry.Created.Time(), level, entry.Message, 0)
	for _, key := range slices.Sorted(maps.Keys(entry.Data)) {
		record.AddAttrs(slog.Any(key, flat(entry.Data[key])))
	}
	_ = to.Handler().Handle(ctx, record) // there is no other place for the error
}

// flat returns a value of an entry's data as text if it is an object or a list.
func flat(value any) any {
	switch value.(type) {
	case nil, bool, string, float64, int, int64:
		return value
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
