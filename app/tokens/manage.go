package tokens

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Info is a token as its owner sees it.
type Info struct {
	ID          string                 `json:"id" db:"id"`
	Name        string                 `json:"name" db:"name"`
	Client      string                 `json:"client" db:"client"` // the host of the assistant that the user gave access; blank for others
	Scopes      types.JSONArray[Scope] `json:"scopes" db:"scopes"`
	Prefix      string                 `json:"prefix" db:"prefix"` // the first characters of the token
	Created     types.DateTime         `json:"created" db:"created"`
	Expires     types.DateTime         `json:"expires" db:"expires"`
	LastUsed    types.DateTime         `json:"last_used" db:"last_used"`       // zero if it was never used
	LastAddress string                 `json:"last_address" db:"last_address"` // of the client of the last use
}

// List returns the tokens of a user, the newest first, also those that have expired in the last 30 days. The result is
// never nil.
func (s *Service) List(ctx context.Context, userID string) ([]Info, error) {
	list := []Info{}
	err := s.app.ConcurrentDB().Select("id", "name", "client", "scopes", "prefix", "created", "expires", "last_used", "last_address").
		From(migrations.APITokens).Where(dbx.HashExp{"user": userID}).OrderBy("created DESC", "rowid DESC").WithContext(ctx).All(&list)
	if err != nil {
		return nil, fmt.Errorf("list API tokens of user %s: %w", userID, err)
	}
	for i := range list {
		last, ok := s.uses.get(list[i].ID)
		if !ok {
			continue
		}
		list[i].LastAddress = last.address
		if list[i].LastUsed, err = types.ParseDateTime(last.at); err != nil {
			return nil, fmt.Errorf("format time: %w", err)
		}
	}
	return list, nil
}

// Revoke deletes a token of a user. It returns ErrNotFound if the user has no such token. When it returns nil, nothing
// uses the token any more.
func (s *Service) Revoke(ctx context.Context, userID, id string) error {
	err := s.app.RunInTransaction(func(tx core.App) error {
		record, err := tx.FindFirstRecordByFilter(migrations.APITokens, "id = {:id} && user = {:user}", dbx.Params{"id": id, "user": userID})
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		if err := tx.DeleteWithContext(ctx, record); err != nil {
			return err
		}
		s.audit.RecordIn(ctx, tx, RevocationOf(record))
		return nil
	})
	if err != nil {
		return fmt.Errorf("revoke API token %s: %w", id, err)
	}
	s.Forget(userID)
	s.revoked(userID)
	return nil
}

// RevocationOf returns the event that a token, which is a record of the collection, was revoked.
func RevocationOf(record *core.Record) audit.Event {
	event := audit.Event{Owner: record.GetString("user"), Kind: audit.TokenRevoked, Detail: record.GetString("name")}
	if record.GetString("client") != "" {
		event.Kind, event.Detail = audit.AssistantDisconnected, describeGrant(record)
	}
	return event
}

// Active returns how many tokens of a user are valid, including those of assistants, in a transaction of the global database.
func (s *Service) Active(ctx context.Context, tx core.App, userID string) (int, error) {
	count, err := countActive(ctx, tx, userID, s.now(), created, grants)
	if err != nil {
		return 0, fmt.Errorf("user %s: %w", userID, err)
	}
	return count, nil
}

// Prune deletes tokens that expired more than 30 days ago.
func (s *Service) Prune(ctx context.Context) error {
	until, err := types.ParseDateTime(s.now().Add(-keepExpired))
	if err != nil {
		return fmt.Errorf("format time: %w", err)
	}
	_, err = s.app.NonconcurrentDB().Delete(migrations.APITokens, dbx.NewExp("expires < {:until}", dbx.Params{"until": until.String()})).
		WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("delete expired API tokens: %w", err)
	}
	return nil
}
