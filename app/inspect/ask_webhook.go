package inspect

import (
	"context"
	"net/http"
	"net/url"
)

// askWebhook creates a webhook and removes it. It is not interrupted in between.
func (p *probe) askWebhook(ctx context.Context) error {
	if p.cfg.WebhookURL == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*timeout)
	defer cancel()
	created, err := p.send(ctx, request{method: http.MethodPost, path: "/webhooks", body: map[string]any{
		"destination_url": p.cfg.WebhookURL, "triggered_for": []string{"my_recordings"},
		"include_summary": true, "include_transcript": false, "include_action_items": false, "include_crm_matches": false,
	}})
	if err != nil {
		return err
	}
	p.answer("A created webhook", "status %d, %s", created.status, shapeOf(created))
	id, _ := created.field("id").(string)
	if id == "" {
		return nil
	}
	for _, question := range []string{"A removed webhook", "A webhook that no longer exists"} {
		got, err := p.send(ctx, request{method: http.MethodDelete, path: "/webhooks/" + url.PathEscape(id)})
		if err != nil {
			return err
		}
		p.answer(question, "status %d", got.status)
	}
	return nil
}
