package transfer

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// The statuses of WebhookState.
const (
	WebhookUnavailable = "unavailable" // Fathom can't reach this server
	WebhookOff         = "off"         // its owner doesn't want it
	WebhookWaiting     = "waiting"     // it is created after the next sync
	WebhookActive      = "active"
	WebhookRefused     = "refused" // by Fathom, for example because of the owner's plan
	WebhookLost        = "lost"    // Fathom has not confirmed it
)

// WebhookState is what the owner of a database may know about the webhook at Fathom.
type WebhookState struct {
	Status        string         `json:"status"`
	Working       bool           `json:"working"`         // it has reported the newest meeting that it must have reported
	LastMessageAt types.DateTime `json:"last_message_at"` // zero if no message has arrived
}

// WebhookState returns the state of the webhook at Fathom of an open database.
func (s *Service) WebhookState(db *userdb.Database) (state WebhookState, err error) {
	switch {
	case s.webhookBase == "":
		return WebhookState{Status: WebhookUnavailable}, nil
	case !preferences.Webhook(db.App):
		return WebhookState{Status: WebhookOff}, nil
	}
	connection, err := findConnection(db.App)
	if errors.Is(err, sql.ErrNoRows) {
		return WebhookState{Status: WebhookWaiting}, nil
	}
	if err != nil {
		return state, err
	}
	webhooks, err := s.webhooksOf(db, connection)
	if err != nil {
		return state, err
	}
	if webhooks.current == nil {
		return WebhookState{Status: webhooks.failure()}, nil
	}
	state.Status, state.LastMessageAt = WebhookActive, webhooks.current.GetDateTime("last_message_at")
	state.Working, err = s.isWebhookWorking(db.App, webhooks.current)
	return state, err
}

// failure returns the status of a user without a current webhook.
func (w webhooks) failure() string {
	if len(w.failed) == 0 {
		return WebhookWaiting
	}
	if w.failed[len(w.failed)-1].GetString("status") == endpointRefused {
		return WebhookRefused
	}
	return WebhookLost
}
