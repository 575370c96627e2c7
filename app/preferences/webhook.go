package preferences

import (
	"encoding/json"

	"github.com/pocketbase/pocketbase/core"
)

// Webhook returns whether the server may create a webhook at Fathom, which most people want.
func Webhook(app core.App) bool {
	enabled := true
	if json.Unmarshal(read(app, KeyWebhook), &enabled) != nil {
		return true
	}
	return enabled
}
