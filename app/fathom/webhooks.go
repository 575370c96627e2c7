package fathom

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// The meetings for which a webhook is triggered.
const (
	TriggerMyRecordings             = "my_recordings"
	TriggerSharedExternalRecordings = "shared_external_recordings"
	TriggerMySharedWithTeam         = "my_shared_with_team_recordings" // team plans
	TriggerSharedTeamRecordings     = "shared_team_recordings"         // team plans
)

// WebhookRequest describes a webhook to create. Fathom requires at least one trigger and at least one
// Include.
// https://developers.fathom.ai/api-reference
type WebhookRequest struct {
	DestinationURL     string   `json:"destination_url"`
	TriggeredFor       []string `json:"triggered_for"`
	IncludeTranscript  bool     `json:"include_transcript"`
	IncludeCRMMatches  bool     `json:"include_crm_matches"`
	IncludeSummary     bool     `json:"include_summary"`
	IncludeActionItems bool     `json:"include_action_items"`
}

// Webhook is a created webhook. Save ID and Secret: Fathom shows them only once and has no endpoint that
// lists webhooks.
type Webhook struct {
	ID                 string        `json:"id"`
	URL                string        `json:"url"`
	Secret             WebhookSecret `json:"secret"`
	CreatedAt          time.Time     `json:"created_at"`
	TriggeredFor       []string      `json:"triggered_for"`
	IncludeTranscript  bool          `json:"include_transcript"`
	IncludeCRMMatches  bool          `json:"include_crm_matches"`
	IncludeSummary     bool          `json:"include_summary"`
	IncludeActionItems bool          `json:"include_action_items"`
}

// WebhookSecret signs deliveries (whsec_...). It prints as [redacted].
type WebhookSecret struct {
	redact.Value
	raw string
}

// Reveal returns the secret, for storing it encrypted.
func (s WebhookSecret) Reveal() string { return s.raw }

// UnmarshalJSON reads the secret.
func (s *WebhookSecret) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &s.raw) }

// CreateWebhook creates a webhook. It does not repeat a request that Fathom may have carried out: after
// a KindUnavailable error the webhook may exist.
func (a *Account) CreateWebhook(ctx context.Context, r WebhookRequest) (Webhook, error) {
	var w Webhook
	c := call{op: "create webhook", method: "POST", path: "/webhooks", body: r, once: true}
	if err := a.send(ctx, c, &w); err != nil {
		return Webhook{}, err
	}
	if !isPathSegment(w.ID) || w.Secret.raw == "" { // another id could not be deleted
		return Webhook{}, &Error{Op: c.op, Kind: KindInvalidResponse, Detail: "webhook without usable id or secret"}
	}
	return w, nil
}

// DeleteWebhook removes a webhook. KindNotFound means that it no longer exists, or never did.
// https://developers.fathom.ai/api-reference
func (a *Account) DeleteWebhook(ctx context.Context, id string) error {
	c := call{op: "delete webhook", method: "DELETE", path: "/webhooks/" + url.PathEscape(id)}
	if !isPathSegment(id) {
		return &Error{Op: c.op, Kind: KindNotFound, Detail: "unusable webhook id"}
	}
	return a.send(ctx, c, nil)
}
