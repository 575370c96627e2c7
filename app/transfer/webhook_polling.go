package transfer

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	// webhookSyncEvery is how often meetings are synced while a webhook reports new ones.
	webhookSyncEvery = 24 * time.Hour

	// webhookDelay is how late a webhook may report a meeting.
	webhookDelay = time.Hour
)

// afterSync brings the user's webhook and the interval of the automatic schedule up to date. It only logs errors,
// because the sync itself has succeeded.
func (s *Service) afterSync(ctx context.Context, db *userdb.Database, connection *core.Record) {
	if err := s.updateWebhookAndPolling(ctx, db, connection); err != nil && ctx.Err() == nil {
		s.logger.ErrorContext(ctx, "failed to update webhook and schedule after a sync", "database", db.Name, "error", err)
	}
}

// WebhookPreferenceChanged brings the user's webhook up to date at once. Call it after a change of a preference that
// decides whether there is one, or for which meetings.
func (s *Service) WebhookPreferenceChanged(db *userdb.Database) {
	ctx, cancel := context.WithTimeout(context.Background(), keyStateTimeout)
	defer cancel()
	connection, err := findConnection(db.App)
	if errors.Is(err, sql.ErrNoRows) {
		return
	}
	if err == nil {
		_, err = s.updateWebhook(ctx, db, connection)
	}
	if err != nil {
		s.logger.ErrorContext(ctx, "failed to update the webhook after a change of preferences", "database", db.Name, "error", err)
	}
}

// updateWebhook creates the job that brings the user's webhook up to date, if there is something to do.
func (s *Service) updateWebhook(ctx context.Context, db *userdb.Database, connection *core.Record) (webhooks, error) {
	webhooks, err := s.webhooksOf(db, connection)
	if err != nil || webhooks.areReached() {
		return webhooks, err
	}
	_, err = s.queue.AddWith(ctx, s.global, db.UserID, KindWebhook, "{}", queue.AddOptions{Again: true})
	return webhooks, err
}

func (s *Service) updateWebhookAndPolling(ctx context.Context, db *userdb.Database, connection *core.Record) error {
	webhooks, err := s.updateWebhook(ctx, db, connection)
	if err != nil {
		return err
	}
	if s.syncEvery == 0 {
		return nil
	}
	every := s.syncEvery
	works, err := s.isWebhookWorking(db.App, webhooks.current)
	if works {
		every = max(every, webhookSyncEvery)
	}
	if err != nil {
		return err
	}
	return s.queue.SetAutomaticInterval(ctx, db.UserID, KindSync, every)
}

// isWebhookWorking reports whether a webhook has delivered messages, also about the newest meeting that it must have
// reported by now.
func (s *Service) isWebhookWorking(app core.App, endpoint *core.Record) (bool, error) {
	if endpoint == nil || endpoint.GetDateTime("last_message_at").IsZero() {
		return false, nil
	}
	var newest string
	err := app.ConcurrentDB().NewQuery("SELECT COALESCE(MAX([[fathom_created_at]]), '') FROM {{" + schema.Meetings + "}}" +
		" WHERE [[fathom_created_at]] > {:created} AND [[fathom_created_at]] < {:reported}").
		Bind(dbx.Params{"created": endpoint.GetString("created"), "reported": timestamp(s.now().Add(-webhookDelay))}).Row(&newest)
	return newest <= endpoint.GetString("last_message_at"), err
}
