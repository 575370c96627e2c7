package userdb

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Account describes an account and its database for an operator. Unset times are nil.
type Account struct {
	Info                  // its Status is registry.NoDatabase, and its Name blank, if the account has no database
	Missing    bool       `json:"missing,omitempty"` // the registry has the database, but its files don't exist
	Joined     *time.Time `json:"joined"`            // nil if the account was deleted
	LastSignIn *time.Time `json:"last_sign_in"`      // as far as the audit trail reaches
}

// Accounts is a part of the accounts that a filter selects.
type Accounts struct {
	Items  []Account               `json:"items"`
	Counts map[registry.Status]int `json:"counts"` // of the accounts that the search finds, whatever their status
	Quota  int64                   `json:"quota"`  // of each database, in bytes; 0 means no limit
}

// Accounts lists accounts as the registry knows them. It opens no database and measures nothing; of the databases in the
// result alone, it checks whether their files exist.
func (s *Service) Accounts(ctx context.Context, filter registry.AccountFilter) (Accounts, error) {
	counts, err := s.registry.CountAccounts(ctx, filter.Search)
	if err != nil {
		return Accounts{}, err
	}
	found, err := s.registry.Accounts(ctx, filter)
	if err != nil {
		return Accounts{}, err
	}
	owners := make([]string, 0, len(found))
	for _, account := range found {
		if account.UserID != "" {
			owners = append(owners, account.UserID)
		}
	}
	signIns, err := s.audit.LastSignIns(ctx, owners)
	if err != nil {
		return Accounts{}, err
	}
	accounts := Accounts{Items: make([]Account, len(found)), Counts: counts, Quota: s.quota}
	for i, account := range found {
		accounts.Items[i] = Account{
			Info: s.info(account.Entry), Joined: nilIfZero(account.Joined), LastSignIn: nilIfZero(signIns[account.UserID]),
		}
		if !account.IsElsewhere() && (account.Status == registry.StatusReady || account.Status == registry.StatusArchived) {
			if accounts.Items[i].Missing, err = isMissing(s.dir, account.Name); err != nil {
				return Accounts{}, err
			}
		}
	}
	return accounts, nil
}

// Contents is how much a database contains.
type Contents struct {
	Meetings   int `json:"meetings" db:"meetings"`
	Recordings int `json:"recordings" db:"recordings"` // that are stored here
}

// Contents counts what the named database contains. It reads the file, which may be in use, and changes nothing. The database
// must not be archived.
func (s *Service) Contents(ctx context.Context, name string) (contents Contents, err error) {
	db, err := sqlite.OpenReadOnly(filepath.Join(s.Dir(name), sqlite.DataFile))
	if err != nil {
		return Contents{}, fmt.Errorf("count the meetings of user database %s: %w", name, err)
	}
	defer db.Close()
	const query = "SELECT (SELECT COUNT(*) FROM {{" + schema.Meetings + "}}) AS meetings, " +
		"(SELECT COUNT(*) FROM {{" + schema.Recordings + "}} WHERE file != '') AS recordings"
	if err := db.NewQuery(query).WithContext(ctx).One(&contents); err != nil {
		return Contents{}, fmt.Errorf("count the meetings of user database %s: %w", name, err)
	}
	return contents, nil
}
