package loomaccount

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// endTimeout limits what follows a change of a connection that can't be taken back any more.
const endTimeout = 10 * time.Second

// Removing records, before a connection is deleted, that its grant may have to be revoked.
func (s *Service) Removing(ctx context.Context, db *userdb.Database, connection *core.Record) error {
	return s.doubt(ctx, db, connection)
}

// Removed revokes the grant of a connection that has been deleted, in the background.
func (s *Service) Removed(db *userdb.Database, connection *core.Record) { s.endOf(db, connection) }

// Changing records, before a change of a connection is saved, that the change may replace its grant.
func (s *Service) Changing(ctx context.Context, db *userdb.Database, before, after *core.Record) error {
	if settingsOf(before).Grant == settingsOf(after).Grant {
		return nil
	}
	return s.doubt(ctx, db, before)
}

// Changed revokes the grant that a connection had before a change, if the change has replaced it, in the background.
func (s *Service) Changed(db *userdb.Database, before, after *core.Record) {
	if settingsOf(before).Grant != settingsOf(after).Grant {
		s.endOf(db, before)
	}
}

// endOf has the grant revoked that a connection had. If that can't be recorded, doubt has recorded that it may have to be.
func (s *Service) endOf(db *userdb.Database, connection *core.Record) {
	settings := settingsOf(connection)
	if settings.Method != MethodOAuth {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	defer cancel()
	err := s.global.RunInTransaction(func(tx core.App) error {
		kept, err := findKept(ctx, tx, settings.Grant, db.UserID)
		if err != nil {
			return err
		}
		return s.endKept(ctx, tx, kept, db.Name, db.Key)
	})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		s.logger.WarnContext(ctx, "failed to record that a grant of atlassian must be revoked, which is tried again", "database", db.Name, "error", err)
	}
	s.RevokeGrantsLater()
}

// endNew has a grant revoked, in the background, that no connection has got.
func (s *Service) endNew(db *userdb.Database, id string, g grant) {
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	defer cancel()
	err := s.global.RunInTransaction(func(tx core.App) error {
		kept, err := findKept(ctx, tx, id, db.UserID)
		if errors.Is(err, sql.ErrNoRows) {
			kept, err = keptGrant{ID: id, User: db.UserID}, nil
		}
		if err != nil {
			return err
		}
		return s.end(ctx, tx, kept, g)
	})
	if err != nil {
		s.logger.WarnContext(ctx, "failed to record that a grant of atlassian must be revoked", "database", db.Name, "error", err)
	}
	s.RevokeGrantsLater()
}

// requireGrantKept returns an error if a grant could not be kept, because it could not be revoked later.
func (s *Service) requireGrantKept(db *userdb.Database, id string, g grant) error {
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	defer cancel()
	if err := s.keep(ctx, db, id, g); err != nil {
		return fmt.Errorf("keep a grant of atlassian: %w", err)
	}
	return nil
}
