package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	// keepReplaced is how long the messages of a webhook are accepted that another one has replaced.
	keepReplaced = 24 * time.Hour

	// removalMaxAge is how long the deletion of a webhook at Fathom is tried.
	removalMaxAge = 72 * time.Hour

	removalsPerRun = 100
)

// removal is a webhook that is to be deleted at Fathom. It needs neither its endpoint nor its user, because those may be
// gone.
type removal struct {
	Endpoint string `db:"endpoint"`
	User     string `db:"user"`
	FathomID string `db:"fathom_id"`
	DataKey  string `db:"data_key"` // wrapped
	Key      string `db:"key"`      // the API key, encrypted with the data key
	Created  string `db:"created"`
}

// keyName is the name of the removal's data key.
func (r removal) keyName() string { return migrations.FathomRemovals + "/" + r.Endpoint }

func (r removal) keyLocation() vault.Location {
	return vault.Location{Database: r.keyName(), Collection: migrations.FathomRemovals, Record: r.Endpoint, Field: "key"}
}

// removeWebhook has a webhook deleted at Fathom, in the background. If another one has replaced it, messages that are on
// their way are accepted for keepReplaced.
func (s *Service) removeWebhook(ctx context.Context, db *userdb.Database, endpoint *core.Record, isReplaced bool) error {
	err := s.global.RunInTransaction(func(tx core.App) error {
		if err := s.recordRemoval(ctx, tx, db.Name, db.Key, endpoint); err != nil {
			return err
		}
		if !isReplaced {
			return tx.DeleteWithContext(ctx, endpoint)
		}
		endpoint.Set("status", endpointRemoving)
		return tx.SaveWithContext(ctx, endpoint)
	})
	if err == nil {
		s.RemoveWebhooksLater()
	}
	return err
}

// recordRemoval records in tx that a webhook is to be deleted at Fathom. dataKey is that of the user's database.
func (s *Service) recordRemoval(ctx context.Context, tx core.App, database string, dataKey *vault.DataKey, endpoint *core.Record) error {
	apiKey, err := dataKey.Open(endpointLocation(database, endpoint, "key"), endpoint.GetString("key"))
	if err != nil { // deleteWebhook uses the current key instead
		s.logger.Warn("failed to decrypt the API key of a webhook", "endpoint", endpoint.Id, "error", err)
		apiKey = nil
	}
	r := removal{Endpoint: endpoint.Id, User: endpoint.GetString("user"), FathomID: endpoint.GetString("fathom_id"), Created: timestamp(s.now())}
	key, wrapped, err := s.databases.NewKey(r.keyName())
	if err != nil {
		return err
	}
	sealed, err := key.Seal(r.keyLocation(), apiKey)
	if err != nil {
		return fmt.Errorf("seal the key of webhook %s: %w", endpoint.Id, err)
	}
	_, err = tx.NonconcurrentDB().NewQuery("INSERT OR REPLACE INTO " + migrations.FathomRemovals + " (endpoint, user, fathom_id, data_key, key, created)" +
		" VALUES ({:endpoint}, {:user}, {:fathom_id}, {:data_key}, {:key}, {:created})").Bind(dbx.Params{
		"endpoint": r.Endpoint, "user": r.User, "fathom_id": r.FathomID, "data_key": wrapped, "key": sealed, "created": r.Created,
	}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("record the removal of webhook %s: %w", endpoint.Id, err)
	}
	return nil
}

// DatabaseDeleted has the webhooks of a user deleted at Fathom whose database will be deleted. tx is the transaction that
// schedules that, in which the user may be deleted as well. Call RemoveWebhooksLater after it.
func (s *Service) DatabaseDeleted(ctx context.Context, tx core.App, userID string) error {
	endpoints, err := s.endpointsOf(tx, userID)
	if err != nil || len(endpoints) == 0 {
		return err
	}
	name, key, err := s.databases.DataKeyOf(ctx, userID)
	if err != nil { // which must not prevent the deletion
		s.logger.Warn("failed to read the data key of a user whose webhooks stay at Fathom", "user", userID, "error", err)
		return nil
	}
	for _, endpoint := range endpoints {
		if endpoint.GetString("status") == endpointActive {
			if err := s.recordRemoval(ctx, tx, name, key, endpoint); err != nil {
				return err
			}
		}
		if err := tx.DeleteWithContext(ctx, endpoint); err != nil {
			return fmt.Errorf("delete endpoint %s: %w", endpoint.Id, err)
		}
	}
	return nil
}

// removeWebhooksOf has all webhooks of a user deleted whose key was removed.
func (s *Service) removeWebhooksOf(ctx context.Context, db *userdb.Database) error {
	endpoints, err := s.endpointsOf(s.global, db.UserID)
	for _, endpoint := range endpoints {
		switch endpoint.GetString("status") {
		case endpointActive:
			err = errors.Join(err, s.removeWebhook(ctx, db, endpoint, false))
		case endpointRemoving:
			err = errors.Join(err, s.global.DeleteWithContext(ctx, endpoint))
		}
	}
	return err
}

// RemoveWebhooksLater deletes the webhooks at Fathom that are recorded as to be removed, in the background. Webhooks whose
// deletion fails are tried again every hour.
func (s *Service) RemoveWebhooksLater() {
	s.checks.start("webhooks", s.checks.slots, func(ctx context.Context) {
		if err := s.removeWebhooks(ctx); err != nil && ctx.Err() == nil {
			s.logger.Error("failed to remove webhooks at Fathom", "error", err)
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
		if err := s.endRemoval(ctx, r, s.deleteWebhook(ctx, r)); err != nil {
			return err
		}
	}
	return nil
}

// errWebhookStays means that a webhook may stay at Fathom, because no key can delete it.
var errWebhookStays = errors.New("no key can delete the webhook")

// deleteWebhook deletes a webhook at Fathom. It returns errWebhookStays if that is impossible.
func (s *Service) deleteWebhook(ctx context.Context, r removal) error {
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
	if failure, ok := errors.AsType[*fathom.Error](err); ok && failure.Kind == fathom.KindUnauthorized {
		return s.deleteWithCurrentKey(ctx, r)
	}
	if isRefusedForGood(err) {
		return nil // it is gone
	}
	return err
}

// deleteWithCurrentKey deletes a webhook whose own key is refused or unknown with the one that the user has now. That may
// belong to another account, to which the webhook doesn't exist.
func (s *Service) deleteWithCurrentKey(ctx context.Context, r removal) error {
	db, err := s.databases.AcquireForUser(ctx, r.User)
	if errors.Is(err, registry.ErrNotFound) {
		return errWebhookStays
	}
	if err != nil {
		return err
	}
	defer db.Release()
	account, _, err := s.openAccount(db.Database)
	if err != nil {
		return errors.Join(errWebhookStays, err)
	}
	err = account.DeleteWebhook(ctx, r.FathomID)
	if failure, ok := errors.AsType[*fathom.Error](err); ok && !failure.Temporary() {
		return errors.Join(errWebhookStays, err)
	}
	return err
}

// endRemoval records the result of an attempt to delete a webhook at Fathom.
func (s *Service) endRemoval(ctx context.Context, r removal, result error) error {
	isOld := r.Created < timestamp(s.now().Add(-removalMaxAge))
	if result != nil && !errors.Is(result, errWebhookStays) && !isOld {
		s.logger.Warn("failed to remove a webhook at Fathom, which is tried again", "user", r.User, "error", result)
		return s.changeRemoval(ctx, "UPDATE "+migrations.FathomRemovals+" SET tried = {:now} WHERE endpoint = {:endpoint}", r)
	}
	if result != nil {
		s.logger.Warn("a webhook stays at Fathom", "user", r.User, "endpoint", r.Endpoint, "error", result)
		if err := s.reportStayingWebhook(ctx, r); err != nil {
			return err
		}
	}
	return s.changeRemoval(ctx, "DELETE FROM "+migrations.FathomRemovals+" WHERE endpoint = {:endpoint}", r)
}

func (s *Service) changeRemoval(ctx context.Context, text string, r removal) error {
	ctx = context.WithoutCancel(ctx)
	_, err := s.global.NonconcurrentDB().NewQuery(text).Bind(dbx.Params{"endpoint": r.Endpoint, "now": timestamp(s.now())}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("change the removal of webhook %s: %w", r.Endpoint, err)
	}
	return nil
}

// reportStayingWebhook tells the owner of a webhook, unless their database is gone.
func (s *Service) reportStayingWebhook(ctx context.Context, r removal) error {
	db, err := s.databases.AcquireForUser(ctx, r.User)
	if errors.Is(err, registry.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer db.Release()
	return addLostNotice(db.App, r.Endpoint, "A webhook of this server could not be deleted at Fathom. Delete it in Fathom's settings.")
}
