package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	// removalMaxAge is how long the deletion of a webhook at Fathom is tried.
	removalMaxAge = 72 * time.Hour

	removalsPerRun        = 100
	webhookRemovalTimeout = 5 * time.Second // of one webhook, so that others get their turn in a run of checkTimeout
)

// RemoveWebhooksLater deletes the webhooks at Fathom that are recorded as to be removed, in the background. Webhooks whose
// deletion fails are tried again every hour.
func (s *Service) RemoveWebhooksLater() {
	s.checks.start("webhooks", s.checks.fathom, func(ctx context.Context) {
		if err := s.removeWebhooks(ctx); err != nil && ctx.Err() == nil {
			s.logger.ErrorContext(ctx, "failed to remove webhooks at Fathom", "error", err)
		}
	})
}

func (s *Service) removeWebhooks(ctx context.Context) error {
	var removals []removal
	err := s.global.ConcurrentDB().NewQuery("SELECT endpoint, user, fathom_id, data_key, key, created FROM " + migrations.FathomRemovals +
		" ORDER BY tried, created LIMIT {:limit}").Bind(dbx.Params{"limit": removalsPerRun}).WithContext(ctx).All(&removals)
	if err != nil {
		return fmt.Errorf("find webhooks to remove: %w", err)
	}
	for _, r := range removals {
		if ctx.Err() != nil {
			return ctx.Err() // the others come first in the next run
		}
		if err := s.changeRemoval(ctx, "UPDATE "+migrations.FathomRemovals+" SET tried = {:now} WHERE endpoint = {:endpoint}", r); err != nil {
			return err
		}
		if err := s.endRemoval(ctx, r, s.deleteWebhook(ctx, r)); err != nil {
			s.logger.WarnContext(ctx, "failed to remove a webhook at Fathom, which is tried again", "user", r.User, "error", err)
		}
	}
	return nil
}

// errWebhookStays means that a webhook may stay at Fathom, because no key can delete it.
var errWebhookStays = errors.New("no key can delete the webhook")

// deleteWebhook deletes a webhook at Fathom. It returns errWebhookStays if that is impossible.
func (s *Service) deleteWebhook(ctx context.Context, r removal) error {
	ctx, cancel := context.WithTimeout(ctx, webhookRemovalTimeout)
	defer cancel()
	if r.Key == "" {
		return s.deleteWithCurrentKey(ctx, r)
	}
	key, err := s.databases.UnwrapKey(r.keyName(), r.DataKey)
	if err != nil {
		return errors.Join(errWebhookStays, err)
	}
	apiKey, err := key.Open(r.keyLocation(), r.Key)
	if err != nil {
		return errors.Join(errWebhookStays, err)
	}
	if len(apiKey) == 0 {
		return s.deleteWithCurrentKey(ctx, r)
	}
	err = s.fathom.Account(string(apiKey)).DeleteWebhook(ctx, r.FathomID)
	failure, ok := errors.AsType[*fathom.Error](err)
	switch {
	case ok && failure.Kind == fathom.KindNotFound:
		return nil // it is gone
	case ok && !failure.Temporary():
		return s.deleteWithCurrentKey(ctx, r)
	}
	return err
}

// deleteWithCurrentKey deletes a webhook whose own key is refused or unknown with the one that the user has now. That may
// belong to another account, to which the webhook doesn't exist.
func (s *Service) deleteWithCurrentKey(ctx context.Context, r removal) error {
	db, err := s.databases.AcquireForUser(ctx, r.User)
	if err != nil {
		return s.explainClosed(ctx, r, err)
	}
	defer db.Release()
	account, _, err := s.openAccount(db.Database)
	if failure, ok := errors.AsType[*queue.Failure](err); ok && failure.Permanent {
		return errors.Join(errWebhookStays, err)
	}
	if err != nil {
		return err
	}
	// After a crash during the call, the webhook may be gone.
	if err := s.changeRemoval(ctx, "UPDATE "+migrations.FathomRemovals+" SET key = '' WHERE endpoint = {:endpoint}", r); err != nil {
		return err
	}
	err = account.DeleteWebhook(ctx, r.FathomID)
	failure, ok := errors.AsType[*fathom.Error](err)
	switch {
	case ok && failure.Kind == fathom.KindNotFound && r.Key == "":
		return nil // an earlier call, whose answer is unknown, has deleted it
	case ok && !failure.Temporary():
		return errors.Join(errWebhookStays, err)
	}
	return err
}

// explainClosed returns errWebhookStays if an error of AcquireForUser means that the user has no database any more. One
// that is archived may be opened later.
func (s *Service) explainClosed(ctx context.Context, r removal, err error) error {
	if !errors.Is(err, registry.ErrNotFound) {
		return err
	}
	dormant, failure := s.databases.IsDormant(ctx, r.User)
	if dormant || failure != nil {
		return errors.Join(err, failure)
	}
	return errors.Join(errWebhookStays, err)
}

// endRemoval forgets a webhook that was deleted at Fathom, or that stays there after its owner was told. It returns result
// if there must be another attempt.
func (s *Service) endRemoval(ctx context.Context, r removal, result error) error {
	isOld := r.Created < timestamp(s.now().Add(-removalMaxAge))
	if result != nil && !errors.Is(result, errWebhookStays) && !isOld {
		return result
	}
	if result != nil {
		if err := s.reportStayingWebhook(ctx, r); err != nil {
			// The next attempt must come to the same result.
			text := "UPDATE " + migrations.FathomRemovals + " SET key = {:key} WHERE endpoint = {:endpoint}"
			return errors.Join(result, err, s.changeRemoval(ctx, text, r))
		}
		s.logger.WarnContext(ctx, "a webhook stays at Fathom", "user", r.User, "endpoint", r.Endpoint, "error", result)
	}
	return s.changeRemoval(ctx, "DELETE FROM "+migrations.FathomRemovals+" WHERE endpoint = {:endpoint}", r)
}

func (s *Service) changeRemoval(ctx context.Context, text string, r removal) error {
	ctx = context.WithoutCancel(ctx)
	_, err := s.global.NonconcurrentDB().NewQuery(text).Bind(dbx.Params{"endpoint": r.Endpoint, "key": r.Key, "now": timestamp(s.now())}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("change the removal of webhook %s: %w", r.Endpoint, err)
	}
	return nil
}

// reportStayingWebhook tells the owner of a webhook, unless their database is gone. If it is archived, that must wait.
func (s *Service) reportStayingWebhook(ctx context.Context, r removal) error {
	db, err := s.databases.AcquireForUser(ctx, r.User)
	if err != nil {
		if err = s.explainClosed(ctx, r, err); errors.Is(err, errWebhookStays) {
			return nil
		}
		return err
	}
	defer db.Release()
	return addLostNotice(db.App, r.Endpoint, "A webhook of this server could not be deleted at Fathom. Delete it in Fathom's settings.")
}
