package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// keepReplaced is how long the messages of a webhook are accepted that another one has replaced.
const keepReplaced = 24 * time.Hour

// removal is a webhook that is to be deleted at Fathom. It needs neither its endpoint nor its user, because those may be
// gone.
type removal struct {
	Endpoint string `db:"endpoint"`
	User     string `db:"user"`
	FathomID string `db:"fathom_id"`
	DataKey  string `db:"data_key"` // wrapped
	Key      string `db:"key"`      // the API key, encrypted with the data key; "" once the current key has been used instead
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
		endpoint.Set("key", "") // the removal has its own copy
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
		s.logger.WarnContext(ctx, "failed to decrypt the API key of a webhook", "endpoint", endpoint.Id, "error", err)
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
		s.logger.WarnContext(ctx, "failed to read the data key of a user whose webhooks stay at Fathom", "user", userID, "error", err)
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

// removeWebhooksOf has all webhooks of a user deleted whose key was removed, and forgets the copies of the key.
func (s *Service) removeWebhooksOf(ctx context.Context, db *userdb.Database) error {
	endpoints, err := s.endpointsOf(s.global, db.UserID)
	for _, endpoint := range endpoints {
		switch endpoint.GetString("status") {
		case endpointActive:
			err = errors.Join(err, s.removeWebhook(ctx, db, endpoint, false))
		case endpointRemoving:
			err = errors.Join(err, s.global.DeleteWithContext(ctx, endpoint))
		default: // a job that is creating the webhook will remove it
			err = errors.Join(err, s.forgetKey(ctx, endpoint))
		}
	}
	return err
}

func (s *Service) forgetKey(ctx context.Context, endpoint *core.Record) error {
	_, err := s.global.NonconcurrentDB().NewQuery("UPDATE " + migrations.FathomEndpoints + " SET [[key]] = '' WHERE id = {:id}").
		Bind(dbx.Params{"id": endpoint.Id}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("forget the key of webhook %s: %w", endpoint.Id, err)
	}
	return nil
}

// afterMissingConnection removes the user's webhooks if an error of openAccount means that there is no connection, because
// a crash may have prevented that when it was removed. It returns that error.
func (s *Service) afterMissingConnection(ctx context.Context, db *userdb.Database, err error) error {
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return errors.Join(err, s.removeWebhooksOf(ctx, db))
}
