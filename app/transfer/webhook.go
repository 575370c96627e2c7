package transfer

import (
	"context"
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// KindWebhook is the kind of jobs that create or remove a user's webhook at Fathom.
const KindWebhook = "fathom.webhook"

const (
	webhookMaxWait = 24 * time.Hour
	maxFailed      = 5 // webhooks of a user that Fathom has refused, or that may exist there without being known
)

// ensureWebhook creates the user's webhook at Fathom, or removes those that aren't wanted any more.
func (s *Service) ensureWebhook(
	ctx context.Context, db *userdb.Database, _ queue.Job, _ struct{}, _ queue.Report,
) (any, error) {
	account, connection, err := s.openAccount(db)
	if err != nil {
		return nil, s.afterMissingConnection(ctx, db, err)
	}
	err = s.reachWantedWebhook(ctx, db, account, connection)
	s.recordKeyUse(ctx, db, connection, err)
	return nil, err
}

// reachWantedWebhook creates the new webhook before it removes the earlier one, so that no meeting is missed.
func (s *Service) reachWantedWebhook(ctx context.Context, db *userdb.Database, account *fathom.Account, connection *core.Record) error {
	webhooks, err := s.webhooksOf(db, connection)
	if err != nil {
		return err
	}
	for _, endpoint := range webhooks.unconfirmed {
		if err := s.loseWebhook(ctx, db.App, endpoint); err != nil {
			return err
		}
		webhooks.addFailed(endpoint)
	}
	switch {
	case !webhooks.wanted || webhooks.current != nil:
	case len(webhooks.failed) >= maxFailed:
		s.logger.WarnContext(ctx, "gave up creating a webhook, because too many attempts have failed", "database", db.Name)
	default:
		if webhooks.current, err = s.createWebhook(ctx, db, account, connection); err != nil {
			return err
		}
	}
	webhooks.giveUpEarlier()
	for _, endpoint := range webhooks.outdated {
		if err := s.removeWebhook(ctx, db, endpoint, webhooks.current != nil); err != nil {
			return err
		}
	}
	if current, err := currentConnection(db.App, connection); err != nil || current != nil || webhooks.current == nil {
		return err
	}
	return s.removeWebhook(ctx, db, webhooks.current, false) // the key was removed or replaced in the meantime
}

// createWebhook records an endpoint before it asks Fathom, because nothing lists webhooks: after a crash, the record
// says that there may be one. It returns nil if Fathom refuses webhooks of this user.
func (s *Service) createWebhook(ctx context.Context, db *userdb.Database, account *fathom.Account, connection *core.Record) (*core.Record, error) {
	endpoint, token, err := s.newWebhookEndpoint(db, connection)
	if err != nil {
		return nil, err
	}
	if err := s.global.SaveWithContext(ctx, endpoint); err != nil {
		return nil, err
	}
	webhook, err := s.requestWebhook(ctx, db.App, account, s.webhookBase+EndpointPath+token)
	ctx = context.WithoutCancel(ctx) // the webhook may exist now
	switch {
	case err == nil:
		return s.activateWebhook(ctx, db, account, endpoint, webhook)
	case isRefusedForGood(err): // for example by the user's plan; the server polls instead
		s.logger.WarnContext(ctx, "Fathom refused to create a webhook", "database", db.Name, "error", err)
		return nil, s.failEndpoint(ctx, endpoint, endpointRefused)
	case mayExist(err):
		return nil, errors.Join(err, s.loseWebhook(ctx, db.App, endpoint))
	}
	return nil, errors.Join(err, s.global.DeleteWithContext(ctx, endpoint))
}

func (s *Service) newWebhookEndpoint(db *userdb.Database, connection *core.Record) (endpoint *core.Record, token string, err error) {
	secret, err := db.OpenSecret(connection)
	if err != nil {
		return nil, "", err
	}
	endpoint, token, err = s.newEndpoint(db.UserID, purposeWebhook)
	if err != nil {
		return nil, "", err
	}
	wanted := s.wantedWebhook(db.App, connection)
	endpoint.Set("key_hash", wanted.keyHash)
	endpoint.Set("triggers", wanted.triggers)
	return endpoint, token, sealEndpointKey(db.Key, db.Name, endpoint, secret)
}

// activateWebhook saves a webhook that Fathom has created.
func (s *Service) activateWebhook(
	ctx context.Context, db *userdb.Database, account *fathom.Account, endpoint *core.Record, webhook fathom.Webhook,
) (*core.Record, error) {
	err := sealEndpointSecret(db.Key, db.Name, endpoint, webhook.Secret.Reveal())
	endpoint.Set("fathom_id", webhook.ID)
	endpoint.Set("status", endpointActive)
	if err == nil {
		err = s.global.RunInTransaction(func(tx core.App) error {
			if _, err := tx.FindRecordById(endpoint.Collection(), endpoint.Id); err != nil {
				return err // its user was deleted in the meantime
			}
			return tx.SaveWithContext(ctx, endpoint)
		})
	}
	if err == nil {
		s.logger.InfoContext(ctx, "webhook created at Fathom", "database", db.Name)
		return endpoint, nil
	}
	if failure := account.DeleteWebhook(ctx, webhook.ID); failure != nil {
		return nil, errors.Join(err, failure, s.loseWebhook(ctx, db.App, endpoint))
	}
	return nil, errors.Join(err, s.global.DeleteWithContext(ctx, endpoint))
}

// requestWebhook creates a webhook for all meetings that the key can see.
func (s *Service) requestWebhook(ctx context.Context, app core.App, account *fathom.Account, destination string) (webhook fathom.Webhook, err error) {
	for _, triggers := range wantedTriggers(app) {
		webhook, err = account.CreateWebhook(ctx, fathom.WebhookRequest{
			DestinationURL: destination, TriggeredFor: triggers, IncludeSummary: true, IncludeActionItems: true,
		})
		if failure, ok := errors.AsType[*fathom.Error](err); !ok || failure.Kind != fathom.KindBadRequest {
			break
		}
	}
	return webhook, err
}

// isRefusedForGood reports whether Fathom will refuse the same call again.
func isRefusedForGood(err error) bool {
	failure, ok := errors.AsType[*fathom.Error](err)
	return ok && !failure.Temporary() && failure.Kind != fathom.KindUnauthorized
}

// mayExist reports whether Fathom may have created a webhook although the call failed.
func mayExist(err error) bool {
	failure, ok := errors.AsType[*fathom.Error](err)
	if !ok {
		return true
	}
	switch failure.Kind {
	case fathom.KindUnavailable:
		return failure.Status != 503 && !failure.Unsent
	case fathom.KindInvalidResponse:
		return true
	}
	return false
}

const webhookUnconfirmed = "A webhook at Fathom could not be confirmed, so another one may be created. If Fathom's settings list" +
	" two webhooks for this server, delete the older one."

// loseWebhook records that Fathom may have a webhook whose id and secret the server doesn't know, and tells its owner,
// who can delete it in Fathom's settings. The server doesn't accept its messages. app is the user's database.
func (s *Service) loseWebhook(ctx context.Context, app core.App, endpoint *core.Record) error {
	s.logger.WarnContext(ctx, "a webhook at Fathom could not be confirmed", "user", endpoint.GetString("user"), "endpoint", endpoint.Id)
	// The notice comes first, so that the next run repeats both after a crash.
	if err := addLostNotice(app, endpoint.Id, webhookUnconfirmed); err != nil {
		return err
	}
	return s.failEndpoint(ctx, endpoint, endpointLost)
}

func addLostNotice(app core.App, endpointID, text string) error {
	return notice.Add(app, notice.Notice{Cause: "webhook:" + endpointID, Kind: notice.WebhookLost, Text: text})
}

// failEndpoint saves an endpoint without a usable webhook, which needs no key because the server can't delete it.
func (s *Service) failEndpoint(ctx context.Context, endpoint *core.Record, status string) error {
	endpoint.Set("status", status)
	endpoint.Set("key", "")
	return s.global.SaveWithContext(ctx, endpoint)
}
