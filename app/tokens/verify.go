package tokens

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Verify returns the token that a client has sent, and counts that as a use of it. The error is ErrInvalid, ErrExpired, a
// *RateError, or one of the global database.
func (s *Service) Verify(ctx context.Context, text, address string) (*Token, error) {
	h, ok := parse(text)
	if !ok {
		return nil, ErrInvalid
	}
	network := limit.Network(address)
	known := s.known.get(h, s.now())
	token := known.token
	switch {
	case known.isMissing:
		return nil, ErrInvalid
	case token == nil:
		if wait := s.unknown.Wait(network); wait > 0 && !known.existed {
			return nil, &RateError{Wait: wait}
		}
		var err error
		token, err = s.find(ctx, h, known.generation)
		if errors.Is(err, ErrInvalid) {
			s.unknown.Allow(network)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := s.checkExpiry(token); err != nil {
		return nil, err
	}
	s.uses.add(token.ID, use{at: s.now(), address: address})
	return token, nil
}

// Check returns ErrInvalid or ErrExpired if a token that was verified isn't valid any more, or an error of the global
// database.
func (s *Service) Check(ctx context.Context, token *Token) error {
	known := s.known.get(token.hash, s.now())
	current := known.token
	if current == nil {
		var err error
		if current, err = s.find(ctx, token.hash, known.generation); err != nil {
			return err
		}
	}
	return s.checkExpiry(current)
}

func (s *Service) checkExpiry(token *Token) error {
	if !token.Expires.After(s.now()) {
		return ErrExpired
	}
	return nil
}

// find looks a token up in the global database and keeps the result. It returns ErrInvalid if it doesn't exist. The
// database compares hashes of tokens, from which nobody can learn anything about a token.
func (s *Service) find(ctx context.Context, h hash, generation uint64) (*Token, error) {
	var row struct {
		ID      string                 `db:"id"`
		User    string                 `db:"user"`
		Name    string                 `db:"name"`
		Hash    string                 `db:"hash"`
		Scopes  types.JSONArray[Scope] `db:"scopes"`
		Expires types.DateTime         `db:"expires"`
		Client  string                 `db:"client"`
		Access  types.DateTime         `db:"access_expires"`
	}
	err := s.app.ConcurrentDB().Select("t.id", "t.user", "t.name", "t.hash", "t.scopes", "t.expires", "t.client", "t.access_expires").From(migrations.APITokens+" t").
		InnerJoin(migrations.Users+" u", dbx.NewExp("u.id = t.user")).
		Where(dbx.HashExp{"t.hash": h.String()}).WithContext(ctx).One(&row)
	if err == nil && subtle.ConstantTimeCompare([]byte(row.Hash), []byte(h.String())) != 1 {
		err = sql.ErrNoRows
	}
	if errors.Is(err, sql.ErrNoRows) {
		s.known.keep(h, nil, generation, s.now())
		return nil, ErrInvalid
	}
	if err != nil {
		return nil, fmt.Errorf("look up API token: %w", err)
	}
	token := &Token{
		ID: row.ID, UserID: row.User, Name: row.Name, Client: row.Client, Scopes: row.Scopes,
		Expires: accessEnd(row.Client, row.Expires, row.Access), hash: h,
	}
	s.known.keep(h, token, generation, s.now())
	return token, nil
}
