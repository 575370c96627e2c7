package transfer

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
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
	err = s.reachWantedWebhook(ctx, db, account, connection)
	s.recordKeyUse(db, connection, err)
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
		webhooks.failed = append(webhooks.failed, endpoint)
	}
	switch {
	case !webhooks.wanted || webhooks.current != nil:
	case len(webhooks.failed) >= maxFailed:
		s.logger.Warn("gave up creating a webhook, because too many attempts have failed", "database", db.Name)
	default:
		if webhooks.current, err = s.createWebhook(ctx, db, account, connection); err != nil {
			return err
		}
	}
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

// webhooks are the webhooks of a user, compared with what is wanted.
type webhooks struct {
	wanted      bool
	current     *core.Record   // the one that is wanted; nil if there is none
	outdated    []*core.Record // to be removed
	unconfirmed []*core.Record // whose creation was interrupted
	failed      []*core.Record // those that Fathom has refused or not confirmed, the oldest first
}

// areReached reports whether nothing is to be done.
func (w webhooks) areReached() bool {
	return len(w.outdated) == 0 && len(w.unconfirmed) == 0 && (!w.wanted || w.current != nil || len(w.failed) >= maxFailed)
}

// webhooksOf compares the webhooks of a user with what is wanted. connection is the user's connection to Fathom.
func (s *Service) webhooksOf(db *userdb.Database, connection *core.Record) (w webhooks, err error) {
	endpoints, err := s.endpointsOf(s.global, db.UserID)
	if err != nil {
		return w, err
	}
	w.wanted = s.isWebhookWanted(db.App)
	wanted := s.wantedWebhook(db.App, connection)
	for _, endpoint := range endpoints {
		switch endpoint.GetString("status") {
		case endpointCreating: // only one job of a user runs, so its run has ended
			w.unconfirmed = append(w.unconfirmed, endpoint)
		case endpointLost, endpointRefused:
			w.failed = append(w.failed, endpoint)
		case endpointActive:
			if w.wanted && w.current == nil && wanted.matches(endpoint) {
				w.current = endpoint
			} else {
				w.outdated = append(w.outdated, endpoint)
			}
		}
	}
	return w, nil
}

// isWebhookWanted reports whether Fathom can reach the server and the user has not turned calls from Fathom off.
func (s *Service) isWebhookWanted(app core.App) bool {
	return s.webhookBase != "" && preferences.Webhook(app)
}

// wantedWebhook holds the fields of an endpoint that say what its webhook was created for.
type wantedWebhook struct{ target, keyHash, triggers string }

func (s *Service) wantedWebhook(app core.App, connection *core.Record) wantedWebhook {
	return wantedWebhook{
		target: s.webhookBase, keyHash: hashOfKey(connection.GetString("secret")), triggers: strings.Join(wantedTriggers(app)[0], ","),
	}
}

func (w wantedWebhook) matches(endpoint *core.Record) bool {
	return endpoint.GetString("target") == w.target && endpoint.GetString("key_hash") == w.keyHash && endpoint.GetString("triggers") == w.triggers
}

// wantedTriggers returns which meetings a webhook reports, and what to ask for instead if Fathom refuses that, because it
// may refuse the triggers of team plans.
func wantedTriggers(app core.App) [][]string {
	const mine, team = fathom.TriggerMyRecordings, fathom.TriggerMySharedWithTeam
	if !preferences.SyncOthers(app).Enabled {
		return [][]string{{mine, team}, {mine}}
	}
	const external = fathom.TriggerSharedExternalRecordings
	return [][]string{{mine, team, external, fathom.TriggerSharedTeamRecordings}, {mine, external}, {mine}}
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
		s.logger.Warn("Fathom refused to create a webhook", "database", db.Name, "error", err)
		return nil, s.setEndpointStatus(ctx, endpoint, endpointRefused)
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
		s.logger.Info("webhook created at Fathom", "database", db.Name)
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
	s.logger.Warn("a webhook at Fathom could not be confirmed", "user", endpoint.GetString("user"), "endpoint", endpoint.Id)
	// The notice comes first, so that the next run repeats both after a crash.
	if err := addLostNotice(app, endpoint.Id, webhookUnconfirmed); err != nil {
		return err
	}
	return s.setEndpointStatus(ctx, endpoint, endpointLost)
}

func addLostNotice(app core.App, endpointID, text string) error {
	return notice.Add(app, notice.Notice{Cause: "webhook:" + endpointID, Kind: notice.WebhookLost, Text: text})
}

func (s *Service) setEndpointStatus(ctx context.Context, endpoint *core.Record, status string) error {
	endpoint.Set("status", status)
	return s.global.SaveWithContext(ctx, endpoint)
}
