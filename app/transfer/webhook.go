package transfer

import (
	"context"
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
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
		return nil, err
	}
	err = s.reachWantedWebhook(ctx, db, account, hashOfKey(connection.GetString("secret")))
	s.recordKeyUse(db, connection, err)
	return nil, err
}

func (s *Service) reachWantedWebhook(ctx context.Context, db *userdb.Database, account *fathom.Account, keyHash string) error {
	webhooks, err := s.webhooksOf(db, keyHash)
	if err != nil {
		return err
	}
	for _, endpoint := range webhooks.outdated {
		if endpoint.GetString("status") == endpointCreating { // only one job of a user runs, so its run has ended
			err = s.loseWebhook(ctx, endpoint)
			webhooks.failed = append(webhooks.failed, endpoint)
		} else {
			err = s.removeWebhook(ctx, account, endpoint)
		}
		if err != nil {
			return err
		}
	}
	if !webhooks.wanted || webhooks.current != nil {
		return nil
	}
	if len(webhooks.failed) >= maxFailed {
		s.logger.Warn("gave up creating a webhook, because too many attempts have failed", "database", db.Name)
		return nil
	}
	return s.createWebhook(ctx, db, account, keyHash)
}

// webhooks are the webhooks of a user, compared with what is wanted.
type webhooks struct {
	wanted   bool
	current  *core.Record // the one that is wanted; nil if there is none
	outdated []*core.Record
	failed   []*core.Record // those that Fathom has refused or not confirmed, the oldest first
}

func (s *Service) webhooksOf(db *userdb.Database, keyHash string) (w webhooks, err error) {
	endpoints, err := s.endpointsOf(db.UserID)
	if err != nil {
		return w, err
	}
	w.wanted = s.isWebhookWanted(db.App)
	for _, endpoint := range endpoints {
		switch status := endpoint.GetString("status"); {
		case status == endpointLost || status == endpointRefused:
			w.failed = append(w.failed, endpoint)
		case w.wanted && w.current == nil && s.isCurrentWebhook(endpoint, keyHash):
			w.current = endpoint
		default:
			w.outdated = append(w.outdated, endpoint)
		}
	}
	return w, nil
}

// isWebhookWanted reports whether Fathom can reach the server and the user has not turned webhooks off.
func (s *Service) isWebhookWanted(app core.App) bool {
	return s.webhookBase != "" && preferences.Webhook(app)
}

func (s *Service) isCurrentWebhook(endpoint *core.Record, keyHash string) bool {
	return endpoint.GetString("status") == endpointActive && endpoint.GetString("target") == s.webhookBase &&
		endpoint.GetString("key_hash") == keyHash
}

// createWebhook records an endpoint before it asks Fathom, because nothing lists webhooks: after a crash, the record
// says that there may be one.
func (s *Service) createWebhook(ctx context.Context, db *userdb.Database, account *fathom.Account, keyHash string) error {
	endpoint, token, err := s.newEndpoint(db.UserID, keyHash)
	if err != nil {
		return err
	}
	if err := s.global.SaveWithContext(ctx, endpoint); err != nil {
		return err
	}
	webhook, err := s.requestWebhook(ctx, db, account, s.webhookBase+EndpointPath+token)
	if err != nil {
		if isRefusedForGood(err) { // for example by the user's plan; the server polls instead
			s.logger.Warn("Fathom refused to create a webhook", "database", db.Name, "error", err)
			endpoint.Set("status", endpointRefused)
			return s.global.SaveWithContext(context.WithoutCancel(ctx), endpoint)
		}
		if mayExist(err) {
			return errors.Join(err, s.loseWebhook(context.WithoutCancel(ctx), endpoint))
		}
		return errors.Join(err, s.global.DeleteWithContext(context.WithoutCancel(ctx), endpoint))
	}
	ctx = context.WithoutCancel(ctx) // the webhook exists now
	err = sealEndpointSecret(db.Key, db.Name, endpoint, webhook.Secret.Reveal())
	endpoint.Set("fathom_id", webhook.ID)
	endpoint.Set("status", endpointActive)
	if err == nil {
		err = s.global.SaveWithContext(ctx, endpoint)
	}
	if err != nil {
		return errors.Join(err, account.DeleteWebhook(ctx, webhook.ID), s.loseWebhook(ctx, endpoint))
	}
	s.logger.Info("webhook created at Fathom", "database", db.Name)
	return nil
}

// requestWebhook creates a webhook for all meetings that the key can see. Fathom may refuse the triggers of team plans.
func (s *Service) requestWebhook(
	ctx context.Context, db *userdb.Database, account *fathom.Account, destination string,
) (fathom.Webhook, error) {
	request := fathom.WebhookRequest{
		DestinationURL: destination, IncludeSummary: true, IncludeActionItems: true,
		TriggeredFor: []string{fathom.TriggerMyRecordings, fathom.TriggerMySharedWithTeam},
	}
	if preferences.SyncOthers(db.App).Enabled {
		request.TriggeredFor = append(request.TriggeredFor, fathom.TriggerSharedExternalRecordings, fathom.TriggerSharedTeamRecordings)
	}
	webhook, err := account.CreateWebhook(ctx, request)
	if failure, ok := errors.AsType[*fathom.Error](err); ok && failure.Kind == fathom.KindBadRequest {
		request.TriggeredFor = request.TriggeredFor[:1]
		return account.CreateWebhook(ctx, request)
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

// loseWebhook records that Fathom may have a webhook whose id and secret the server doesn't know. The server doesn't
// accept its messages. Its owner can delete it in Fathom's settings.
func (s *Service) loseWebhook(ctx context.Context, endpoint *core.Record) error {
	endpoint.Set("status", endpointLost)
	s.logger.Warn("a webhook at Fathom could not be confirmed", "user", endpoint.GetString("user"), "endpoint", endpoint.Id)
	return s.global.SaveWithContext(ctx, endpoint)
}

// removeWebhook deletes a webhook at Fathom, if it exists, and its endpoint.
func (s *Service) removeWebhook(ctx context.Context, account *fathom.Account, endpoint *core.Record) error {
	err := account.DeleteWebhook(ctx, endpoint.GetString("fathom_id"))
	if err != nil && !isRefusedForGood(err) { // it is gone, or belongs to an earlier key
		return err
	}
	return s.global.DeleteWithContext(ctx, endpoint)
}

// removeWebhooksOf deletes a user's webhooks with a key that has been removed. It ignores errors: messages to a removed
// endpoint are refused, and Fathom's settings show what is left.
func (s *Service) removeWebhooksOf(db *userdb.Database, connection *core.Record) {
	endpoints, err := s.endpointsOf(db.UserID)
	if err != nil || len(endpoints) == 0 {
		return
	}
	secret, err := db.OpenSecret(connection)
	if err != nil {
		return
	}
	account := s.fathom.Account(secret)
	s.checks.start(db.Name+"/webhooks", s.checks.slots, func(ctx context.Context) {
		for _, endpoint := range endpoints {
			if err := s.removeWebhook(ctx, account, endpoint); err != nil {
				s.logger.Warn("failed to remove a webhook at Fathom", "user", endpoint.GetString("user"), "error", err)
				_ = s.global.DeleteWithContext(context.WithoutCancel(ctx), endpoint)
			}
		}
	})
}
