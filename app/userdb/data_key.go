package userdb

import (
	"context"

	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
)

// DataKeyOf returns the name of a user's database and the key that encrypts the user's secrets, without opening the
// database. Its errors include registry.ErrNotFound and ErrElsewhere.
func (s *Service) DataKeyOf(ctx context.Context, userID string) (name string, key *vault.DataKey, err error) {
	entry, err := s.registry.ByUser(ctx, userID)
	if err != nil {
		return "", nil, err
	}
	key, err = s.vault.Unwrap(entry.Name, entry.WrappedKey)
	return entry.Name, key, err
}

// NewKey returns a data key that belongs to no database but has a name like one, also wrapped for storage. It is for
// secrets that outlive the database of their user.
func (s *Service) NewKey(name string) (key *vault.DataKey, wrapped string, err error) {
	return s.vault.NewDataKey(name)
}

// UnwrapKey returns a key of NewKey. The error is vault.ErrKeyUnknown or vault.ErrCorrupt.
func (s *Service) UnwrapKey(name, wrapped string) (*vault.DataKey, error) {
	return s.vault.Unwrap(name, wrapped)
}
