package loomaccount

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// The states of a kept grant.
const (
	keptUsed   = "used"   // by a connection
	keptUnsure = "unsure" // a change of the connection was begun: the connection says whether it uses the grant
	keptEnding = "ending" // it must be revoked
)

// keptGrant is the copy of a grant in the global database. It is always as new as that in the connection, because a
// renewed token is saved here first. Until the grant ends, the data key of the user's database encrypts it, and then a key
// of its own, which outlives the database.
type keptGrant struct {
	ID      string `db:"id"`
	User    string `db:"user"`
	State   string `db:"state"`
	DataKey string `db:"data_key"` // wrapped; blank until the grant ends
	Secret  string `db:"secret"`
	Changed string `db:"changed"` // when the state changed
}

// location is where a grant is encrypted. database is the name of the user's, or the name of the grant's own key.
func (k keptGrant) location(database string) vault.Location {
	return vault.Location{Database: database, Collection: migrations.LoomGrants, Record: k.ID, Field: "secret"}
}

func (k keptGrant) keyName() string { return migrations.LoomGrants + "/" + k.ID }

const keptColumns = "id, user, state, data_key, secret, changed"

// keep saves the newest token of a grant. A grant that isn't kept yet becomes keptUnsure, and one that ends is revoked
// with this token.
func (s *Service) keep(ctx context.Context, db *userdb.Database, id string, g grant) error {
	return s.global.RunInTransaction(func(tx core.App) error {
		kept, err := findKept(ctx, tx, id, db.UserID)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			kept = keptGrant{ID: id, User: db.UserID, State: keptUnsure, Changed: s.timestamp(0)}
		case err != nil:
			return err
		case kept.State == keptEnding:
			return s.end(ctx, tx, kept, g)
		}
		plain, err := g.encode()
		if err != nil {
			return err
		}
		if kept.Secret, err = db.Key.Seal(kept.location(db.Name), plain); err != nil {
			return fmt.Errorf("seal grant %s: %w", id, err)
		}
		return saveKept(ctx, tx, kept)
	})
}

// doubt records that a connection is about to lose its grant. Nothing else may know that afterwards.
func (s *Service) doubt(ctx context.Context, db *userdb.Database, connection *core.Record) error {
	settings := settingsOf(connection)
	if settings.Method != MethodOAuth || connection.GetString("secret") == "" { // as after an import
		return nil
	}
	changed, err := s.setState(ctx, settings.Grant, db.UserID, keptUnsure)
	if changed || err != nil {
		return err
	}
	secret, err := db.OpenSecret(connection) // of a grant that isn't kept yet
	if err != nil {
		s.logger.WarnContext(ctx, "failed to read a grant of atlassian, which is not revoked", "database", db.Name, "error", err)
		return nil
	}
	g, err := decodeGrant(secret)
	if err != nil {
		s.logger.WarnContext(ctx, "failed to read a grant of atlassian, which is not revoked", "database", db.Name, "error", err)
		return nil
	}
	return s.keep(ctx, db, settings.Grant, g)
}

// setState changes the state of a user's grant unless it ends, and reports whether it is kept.
func (s *Service) setState(ctx context.Context, id, userID, state string) (changed bool, err error) {
	result, err := s.global.NonconcurrentDB().NewQuery("UPDATE " + migrations.LoomGrants + " SET changed = CASE state WHEN {:state} THEN changed ELSE {:now} END," +
		" state = CASE state WHEN {:ending} THEN state ELSE {:state} END WHERE id = {:id} AND user = {:user}").
		Bind(dbx.Params{"id": id, "user": userID, "state": state, "ending": keptEnding, "now": s.timestamp(0)}).WithContext(ctx).Execute()
	if err != nil {
		return false, fmt.Errorf("change the state of grant %s: %w", id, err)
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// endKept has a grant revoked that no connection uses any more. It does nothing if the grant ends already.
func (s *Service) endKept(ctx context.Context, tx core.App, kept keptGrant, database string, key *vault.DataKey) error {
	if kept.State == keptEnding {
		return nil
	}
	plain, err := key.Open(kept.location(database), kept.Secret)
	if err != nil {
		s.logger.WarnContext(ctx, "failed to read a grant of atlassian, which is not revoked", "user", kept.User, "error", err)
		return forgetKept(ctx, tx, kept)
	}
	g, err := decodeGrant(string(plain))
	if err != nil {
		return err
	}
	return s.end(ctx, tx, kept, g)
}

// end records that a grant must be revoked, with the token in g.
func (s *Service) end(ctx context.Context, tx core.App, kept keptGrant, g grant) error {
	plain, err := g.encode()
	if err != nil {
		return err
	}
	key, wrapped, err := s.databases.NewKey(kept.keyName())
	if err != nil {
		return err
	}
	if kept.State != keptEnding {
		kept.State, kept.Changed = keptEnding, s.timestamp(0)
	}
	kept.DataKey = wrapped
	if kept.Secret, err = key.Seal(kept.location(kept.keyName()), plain); err != nil {
		return fmt.Errorf("seal grant %s: %w", kept.ID, err)
	}
	return saveKept(ctx, tx, kept)
}

// DatabasePurged has the grants of a user revoked whose database can't be restored any more. tx is the transaction that
// records that in entry, the row of the registry. The user may be deleted by then. Call RevokeGrantsLater after it.
func (s *Service) DatabasePurged(ctx context.Context, tx core.App, entry *core.Record) error {
	userID := registry.OwnerID(entry)
	var grants []keptGrant
	err := tx.NonconcurrentDB().NewQuery("SELECT " + keptColumns + " FROM " + migrations.LoomGrants + " WHERE user = {:user} AND state != {:ending}").
		Bind(dbx.Params{"user": userID, "ending": keptEnding}).WithContext(ctx).All(&grants)
	if err != nil {
		return fmt.Errorf("find the grants of user %s: %w", userID, err)
	}
	if len(grants) == 0 {
		return nil
	}
	name := entry.GetString("name")
	key, err := s.databases.UnwrapKey(name, entry.GetString("data_key"))
	if err != nil { // which must not prevent the deletion
		s.logger.WarnContext(ctx, "failed to read a grant of atlassian, which is not revoked", "user", userID, "error", err)
		return nil
	}
	for _, kept := range grants {
		if err := s.endKept(ctx, tx, kept, name, key); err != nil {
			return err
		}
	}
	return nil
}

// findKept returns sql.ErrNoRows if the grant isn't kept for the user. The settings of a connection say nothing about whose
// it is, because they may be a copy of another user's.
func findKept(ctx context.Context, app core.App, id, userID string) (kept keptGrant, err error) {
	err = app.NonconcurrentDB().NewQuery("SELECT " + keptColumns + " FROM " + migrations.LoomGrants + " WHERE id = {:id} AND user = {:user}").
		Bind(dbx.Params{"id": id, "user": userID}).WithContext(ctx).One(&kept)
	if err != nil {
		return kept, fmt.Errorf("find grant %s: %w", id, err)
	}
	return kept, nil
}

// saveKept saves a grant with a new token, which has not been tried yet. It returns an error if the grant is kept for another
// user.
func saveKept(ctx context.Context, tx core.App, kept keptGrant) error {
	result, err := tx.NonconcurrentDB().NewQuery("INSERT INTO " + migrations.LoomGrants + " (" + keptColumns + ")" +
		" VALUES ({:id}, {:user}, {:state}, {:key}, {:secret}, {:changed})" +
		" ON CONFLICT (id) DO UPDATE SET state = excluded.state, data_key = excluded.data_key, secret = excluded.secret, changed = excluded.changed, tried = ''" +
		" WHERE user = excluded.user").
		Bind(dbx.Params{
			"id": kept.ID, "user": kept.User, "state": kept.State, "key": kept.DataKey, "secret": kept.Secret, "changed": kept.Changed,
		}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("save grant %s: %w", kept.ID, err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(fmt.Errorf("grant %s belongs to another user", kept.ID), err)
	}
	return nil
}

func forgetKept(ctx context.Context, app core.App, kept keptGrant) error {
	_, err := app.NonconcurrentDB().NewQuery("DELETE FROM " + migrations.LoomGrants + " WHERE id = {:id} AND user = {:user}").
		Bind(dbx.Params{"id": kept.ID, "user": kept.User}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("forget grant %s: %w", kept.ID, err)
	}
	return nil
}

// timestamp returns a time from now in the format of the database.
func (s *Service) timestamp(from time.Duration) string {
	return s.now().Add(from).UTC().Format(types.DefaultDateLayout)
}
