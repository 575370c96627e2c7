package tokens

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Request describes a new token.
type Request struct {
	Name    string // chosen by the user, 1 to MaxName characters
	Scopes  []Scope
	Expires time.Time // in the future, at most MaxLifetime from now
}

// check returns the request in the form in which it is stored, or an *InvalidError.
func (r Request) check(now time.Time) (Request, error) {
	r.Name = strings.TrimSpace(sanitize.SingleLine(r.Name))
	if n := utf8.RuneCountInString(r.Name); n == 0 || n > MaxName {
		return r, &InvalidError{"name", fmt.Sprintf("Enter a name with up to %d characters.", MaxName)}
	}
	scopes, ok := sortScopes(r.Scopes)
	if !ok || len(scopes) == 0 {
		return r, &InvalidError{"scopes", "Choose at least one of read, transfer and share."}
	}
	r.Scopes = scopes
	if !r.Expires.After(now) || r.Expires.Sub(now) > MaxLifetime {
		return r, &InvalidError{"expires", "Choose a date in the future, at most 366 days from now."}
	}
	return r, nil
}

// Create creates a token of a user, and returns its text, which can't be read again. The error is an *InvalidError,
// ErrTooMany, a *RateError if the user has created too many tokens recently, or one of the global database.
func (s *Service) Create(ctx context.Context, userID string, request Request) (Info, Secret, error) {
	request, err := request.check(s.now())
	if err != nil {
		return Info{}, Secret{}, err
	}
	if wait, ok := s.created.Take(limit.Account(userID)); !ok {
		return Info{}, Secret{}, &RateError{Wait: wait}
	}
	secret, err := newSecret()
	if err != nil {
		return Info{}, Secret{}, fmt.Errorf("create API token: %w", err)
	}
	var info Info
	err = s.app.RunInTransaction(func(tx core.App) error {
		if err := s.makeRoom(ctx, tx, userID, created); err != nil {
			return err
		}
		info, err = save(ctx, tx, userID, request, secret)
		if err == nil {
			s.audit.RecordIn(ctx, tx, audit.Event{Owner: userID, Kind: audit.TokenCreated, Detail: request.Name})
		}
		return err
	})
	if err != nil {
		return Info{}, Secret{}, fmt.Errorf("create API token: %w", err)
	}
	return info, secret, nil
}

// makeRoom returns ErrTooMany if a user can't have another token of a kind. Of those that have expired, it keeps only the
// newest, so that a user can't fill the table with tokens that expire at once.
func (s *Service) makeRoom(ctx context.Context, tx core.App, userID string, of kind) error {
	active, err := countActive(ctx, tx, userID, s.now(), of)
	if err != nil {
		return err
	}
	if active >= of.maxActive() {
		return ErrTooMany
	}
	where := "[[user]] = {:user} AND " + string(of)
	_, err = tx.NonconcurrentDB().NewQuery("DELETE FROM {{" + migrations.APITokens + "}} WHERE " + where + " AND id NOT IN " +
		"(SELECT id FROM {{" + migrations.APITokens + "}} WHERE " + where + " ORDER BY expires DESC LIMIT {:max})").
		Bind(dbx.Params{"user": userID, "max": 2 * of.maxActive()}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("delete expired tokens: %w", err)
	}
	return nil
}

// countActive returns how many tokens of a user, of one kind or several, haven't expired.
func countActive(ctx context.Context, tx core.App, userID string, now time.Time, of ...kind) (count int, err error) {
	at, err := types.ParseDateTime(now)
	if err != nil {
		return 0, fmt.Errorf("format time: %w", err)
	}
	kinds := make([]dbx.Expression, len(of))
	for i, k := range of {
		kinds[i] = dbx.NewExp(string(k))
	}
	err = tx.DB().Select("COUNT(*)").From(migrations.APITokens).
		Where(dbx.NewExp("[[user]] = {:user} AND expires > {:now}", dbx.Params{"user": userID, "now": at.String()})).AndWhere(dbx.Or(kinds...)).
		WithContext(ctx).Row(&count)
	if err != nil {
		return 0, fmt.Errorf("count active tokens: %w", err)
	}
	return count, nil
}

func save(ctx context.Context, tx core.App, userID string, request Request, secret Secret) (Info, error) {
	collection, err := tx.FindCachedCollectionByNameOrId(migrations.APITokens)
	if err != nil {
		return Info{}, err
	}
	scopes := make([]string, len(request.Scopes))
	for i, scope := range request.Scopes {
		scopes[i] = string(scope)
	}
	record := core.NewRecord(collection)
	record.Load(map[string]any{
		"user": userID, "name": request.Name, "scopes": scopes, "expires": request.Expires,
		"prefix": secret.text[:shownLength], "hash": hash(sha256.Sum256([]byte(secret.text))).String(),
	})
	if err := tx.SaveWithContext(ctx, record); err != nil {
		return Info{}, err
	}
	return Info{
		ID: record.Id, Name: request.Name, Scopes: request.Scopes, Prefix: record.GetString("prefix"),
		Created: record.GetDateTime("created"), Expires: record.GetDateTime("expires"),
	}, nil
}
