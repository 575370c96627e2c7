package preferences

import (
	"encoding/json"

	"github.com/pocketbase/pocketbase/core"
)

// Webhook returns whether Fathom may call the server, about new meetings and about files that are ready. The default is
// true.
func Webhook(app core.App) bool {
	enabled := true
	if json.Unmarshal(read(app, KeyWebhook), &enabled) != nil {
		return true
	}
	return enabled
}
