package tokens

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	// MaxGrants is how many assistants can have access to the data of a user at the same time.
	MaxGrants = 20
	// AccessLifetime is how long an access token of an assistant is valid. It ends earlier if the grant does, or when the
	// assistant fetches another.
	AccessLifetime = time.Hour

	maxClient = 300 // characters
)

// GrantRequest describes what a user has agreed to.
type GrantRequest struct {
	Name       string      // how the assistant calls itself; shortened to MaxName characters
	Client     string      // the host that identifies it, for the user
	ClientID   string      // which refreshes must repeat
	Credential string      // that of the user when they agreed: see registry.Credential
	Expires    time.Time   // when the grant ends
	Actor      audit.Actor // the user, when they agreed
}

// Grant is what an assistant receives: an API token with the scope read that is confined to the routes for assistants,
// and the token with which it fetches the next one.
type Grant struct {
	ID      string
	Access  Secret
	Refresh Secret
	Ends    time.Time // when Access ends
}

// CreateGrant gives an assistant access to the data of a user. It returns ErrTooMany if the user has MaxGrants of them,
// ErrInvalid if the sessions of the user were revoked since they agreed, or an error of the global database.
func (s *Service) CreateGrant(ctx context.Context, userID string, request GrantRequest) (Grant, error) {
	grant := Grant{}
	err := s.app.RunInTransaction(func(tx core.App) error {
		user, err := tx.FindRecordById(migrations.Users, userID)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrInvalid
		}
		if err != nil {
			return err
		}
		if subtle.ConstantTimeCompare([]byte(registry.Credential(user)), []byte(request.Credential)) != 1 {
			return ErrInvalid
		}
		if err := s.makeRoom(ctx, tx, userID, grants); err != nil {
			return err
		}
		collection, err := tx.FindCachedCollectionByNameOrId(migrations.APITokens)
		if err != nil {
			return err
		}
		record := core.NewRecord(collection)
		record.Load(map[string]any{
			"user": userID, "name": sanitize.Truncate(request.Name, MaxName), "scopes": []string{string(Read)}, "expires": request.Expires,
			"client": sanitize.Truncate(request.Client, maxClient), "client_hash": hashOf(request.ClientID),
		})
		family, err := newFamily()
		if err != nil {
			return err
		}
		if grant, err = s.renew(ctx, tx, record, family); err != nil {
			return err
		}
		s.audit.RecordIn(ctx, tx, audit.Event{Owner: userID, Kind: audit.AssistantConnected, Detail: describeGrant(record), Actor: request.Actor})
		return nil
	})
	if err != nil {
		return Grant{}, fmt.Errorf("create grant: %w", err)
	}
	return grant, nil
}

// renew stores new tokens of a grant, which replace the former ones.
func (s *Service) renew(ctx context.Context, tx core.App, record *core.Record, family string) (Grant, error) {
	access, err := newSecret()
	if err != nil {
		return Grant{}, err
	}
	refresh, err := newRefresh(family)
	if err != nil {
		return Grant{}, err
	}
	ends := s.now().Add(AccessLifetime)
	if end := record.GetDateTime("expires").Time(); end.Before(ends) {
		ends = end
	}
	record.Load(map[string]any{
		"prefix": access.text[:shownLength], "hash": hashOf(access.text), "access_expires": ends,
		"family_hash": hashOf(family), "refresh_hash": hashOf(refresh.text),
	})
	if err := tx.SaveWithContext(ctx, record); err != nil {
		return Grant{}, err
	}
	return Grant{ID: record.Id, Access: access, Refresh: refresh, Ends: ends}, nil
}

// RefreshGrant replaces the tokens of a grant. It returns ErrInvalid if the token isn't one of the client, ErrExpired if the
// grant has ended, or an error of the global database. A token that was replaced before may be in the hands of a thief, so
// that ErrReused means that the grant was revoked.
func (s *Service) RefreshGrant(ctx context.Context, refresh, clientID string) (Grant, error) {
	family, ok := parseRefresh(refresh)
	if !ok {
		return Grant{}, ErrInvalid
	}
	var grant Grant
	var userID string
	reused := false
	err := s.app.RunInTransaction(func(tx core.App) error {
		record, err := findGrant(tx, "family_hash", hashOf(family))
		if err != nil {
			return err
		}
		userID = record.GetString("user")
		switch {
		case !equalHash(record, "client_hash", clientID):
			return ErrInvalid
		case !record.GetDateTime("expires").Time().After(s.now()):
			return ErrExpired
		case !equalHash(record, "refresh_hash", refresh):
			reused = true
			return s.deleteGrant(ctx, tx, record, audit.AssistantReused)
		}
		grant, err = s.renew(ctx, tx, record, family)
		return err
	})
	if err != nil {
		return Grant{}, fmt.Errorf("refresh grant: %w", err)
	}
	s.Forget(userID)
	if reused {
		s.revoked(userID)
		return Grant{}, ErrReused
	}
	return grant, nil
}

// RevokeGrant revokes the grant to which an access or refresh token belongs. It returns ErrInvalid if there is none of the
// client, or an error of the global database.
func (s *Service) RevokeGrant(ctx context.Context, token, clientID string) error {
	column, value := "hash", token
	if family, ok := parseRefresh(token); ok {
		column, value = "family_hash", family
	}
	return s.endGrant(ctx, column, hashOf(value), audit.AssistantDisconnected, func(record *core.Record) bool {
		return equalHash(record, "client_hash", clientID)
	})
}

// RevokeReused revokes a grant because the code that it was issued for was used again. It returns ErrInvalid if it has
// ended, or an error of the global database.
func (s *Service) RevokeReused(ctx context.Context, id string) error {
	return s.endGrant(ctx, "id", id, audit.AssistantReused, func(*core.Record) bool { return true })
}

func (s *Service) endGrant(ctx context.Context, column, value string, kind audit.Kind, mayEnd func(*core.Record) bool) error {
	var userID string
	err := s.app.RunInTransaction(func(tx core.App) error {
		record, err := findGrant(tx, column, value)
		if err != nil {
			return err
		}
		if !mayEnd(record) {
			return ErrInvalid
		}
		userID = record.GetString("user")
		return s.deleteGrant(ctx, tx, record, kind)
	})
	if err != nil {
		return fmt.Errorf("revoke grant: %w", err)
	}
	s.Forget(userID)
	s.revoked(userID)
	return nil
}

func (s *Service) deleteGrant(ctx context.Context, tx core.App, record *core.Record, kind audit.Kind) error {
	if err := tx.DeleteWithContext(ctx, record); err != nil {
		return err
	}
	s.audit.RecordIn(ctx, tx, audit.Event{
		Owner: record.GetString("user"), Kind: kind, Detail: describeGrant(record), Actor: audit.ActorOf(ctx),
	})
	return nil
}

// findGrant returns the grant with a value in a column, or ErrInvalid.
func findGrant(tx core.App, column, value string) (*core.Record, error) {
	record, err := tx.FindFirstRecordByFilter(migrations.APITokens, column+" = {:value} && client != ''", dbx.Params{"value": value})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrInvalid
	}
	return record, err
}

// describeGrant names an assistant in the audit trail.
func describeGrant(record *core.Record) string {
	return record.GetString("name") + " (" + record.GetString("client") + ")"
}

func hashOf(text string) string { return hash(sha256.Sum256([]byte(text))).String() }

func equalHash(record *core.Record, column, text string) bool {
	return subtle.ConstantTimeCompare([]byte(record.GetString(column)), []byte(hashOf(text))) == 1
}

// kind is which rows of the collection count together.
type kind string

// The kinds, as conditions in SQL.
const (
	created kind = "client = ''"  // tokens that the user has created
	grants  kind = "client != ''" // of assistants
)

// maxActive returns how many of a kind can be active at the same time.
func (k kind) maxActive() int {
	if k == grants {
		return MaxGrants
	}
	return MaxActive
}

// accessEnd returns when the token in a row ends.
func accessEnd(client string, expires, accessExpires types.DateTime) time.Time {
	if client != "" {
		return accessExpires.Time()
	}
	return expires.Time()
}

// MayGrant returns ErrTooMany if a user has MaxGrants grants, or an error of the global database.
func (s *Service) MayGrant(ctx context.Context, userID string) error {
	active, err := countActive(ctx, s.app, userID, s.now(), grants)
	if err == nil && active >= MaxGrants {
		err = ErrTooMany
	}
	return err
}
