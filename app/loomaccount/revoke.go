package loomaccount

import (
	"context"
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// The attempts to revoke a grant. One that can't be revoked ends by itself when nobody uses it.
const (
	revokeAttempts = 3
	revokeTimeout  = 20 * time.Second // of an attempt
	revokePause    = 5 * time.Second
)

// Removed revokes the grant of a connection that has been deleted.
func (s *Service) Removed(db *userdb.Database, connection *core.Record) { s.revokeOf(db, connection) }

// Changed revokes the grant that a connection had before a change, if the change has replaced it.
func (s *Service) Changed(db *userdb.Database, before, after *core.Record) {
	if settingsOf(before).Grant != settingsOf(after).Grant {
		s.revokeOf(db, before)
	}
}

// revokeOf revokes the grant in a record in the background.
func (s *Service) revokeOf(db *userdb.Database, connection *core.Record) {
	if settingsOf(connection).Method != MethodOAuth || connection.GetString("secret") == "" { // as after an import
		return
	}
	secret, err := db.OpenSecret(connection)
	if err == nil {
		var g grant
		if g, err = decodeGrant(secret); err == nil {
			s.revokeLater(db.Name, g)
		}
	}
	if err != nil {
		s.logger.Warn("failed to read a grant of atlassian, which is not revoked", "database", db.Name, "error", err)
	}
}

// revokeLater revokes a grant in the background. After Stop, it stays alive until nobody has used it for a while.
func (s *Service) revokeLater(database string, g grant) {
	err := s.revoking.Go(func(ctx context.Context) {
		if err := s.revoke(ctx, g); err != nil {
			s.logger.Warn("failed to revoke a grant of atlassian", "database", database, "error", err)
		}
	})
	if err != nil {
		s.logger.Warn("failed to revoke a grant of atlassian", "database", database, "error", err)
	}
}

func (s *Service) revoke(ctx context.Context, g grant) error {
	for attempt := 1; ; attempt++ {
		err := s.revokeOnce(ctx, g)
		failure, ok := errors.AsType[*oauth.Error](err)
		if err == nil || attempt == revokeAttempts || ok && !failure.Temporary() {
			return err
		}
		if err := outbound.Sleep(ctx, revokePause); err != nil {
			return err
		}
	}
}

func (s *Service) revokeOnce(ctx context.Context, g grant) error {
	ctx, cancel := context.WithTimeout(ctx, revokeTimeout)
	defer cancel()
	return s.oauth.Revoke(ctx, g.Server, g.Registration, g.Token)
}
