package userdb

import (
	"context"

	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
)

// DataKeyOf returns the name of a user's database and the key that encrypts the user's secrets, without opening the
// database. Its errors include registry.ErrNotFound.
func (s *Service) DataKeyOf(ctx context.Context, userID string) (name string, key *vault.DataKey, err error) {
	entry, err := s.registry.ByUser(ctx, userID)
	if err != nil {
		return "", nil, err
	}
	key, err = s.vault.Unwrap(entry.Name, entry.WrappedKey)
	return entry.Name, key, err
}
