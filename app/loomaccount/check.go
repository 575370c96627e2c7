package loomaccount

import (
	"context"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Check finds out what a connection can do with a secret. It changes nothing at Loom. The connection needn't be saved.
func (s *Service) Check(ctx context.Context, db *userdb.Database, connection *core.Record, secret string) Result {
	account, err := s.account(db, connection, secret)
	if err != nil {
		return failsWith(err, detailsOf(connection))
	}
	return s.check(ctx, detailsOf(connection), account)
}

// check is Check with the access of a connection's owner. earlier are the details that are saved now.
func (s *Service) check(ctx context.Context, earlier Details, account loomupload.Account) Result {
	check, err := s.uploads.Check(ctx, account)
	if err == nil {
		return worksAs(check, earlier)
	}
	result := failsWith(err, earlier)
	if len(check.Sites) > 0 {
		result.Details.setSites(check)
	}
	return result
}

// account returns the access of a connection's owner. Its error is a *loomupload.Problem if the secret can't be read.
func (s *Service) account(db *userdb.Database, connection *core.Record, secret string) (loomupload.Account, error) {
	settings := settingsOf(connection)
	account := loomupload.Account{Key: keyOf(db, connection), Site: settings.Site, Access: settings.access()}
	switch settings.Method {
	case MethodToken:
		account.Credential = atlassian.Basic(settings.Email, secret)
	case MethodServiceAccount:
		account.Credential = atlassian.Bearer(secret)
	case MethodOAuth:
		grant, err := decodeGrant(secret)
		if err != nil {
			return account, reconnect(settings, err)
		}
		account.Credential = &credential{service: s, db: db, connection: connection.Id, id: settings.Grant, grant: grant}
	default: // saved by a version that didn't use it
		return account, reconnect(settings, fmt.Errorf("connection %s has no method", connection.Id))
	}
	return account, nil
}

// open returns a person's connection and the access to Loom. It returns ErrNotConnected, or a *loomupload.Problem if the
// connection needs its owner.
func (s *Service) open(db *userdb.Database) (*core.Record, loomupload.Account, error) {
	connection, err := find(db.App)
	if err != nil {
		return nil, loomupload.Account{}, err
	}
	secret, err := db.OpenSecret(connection)
	if err != nil {
		return connection, loomupload.Account{}, reconnect(settingsOf(connection), err)
	}
	account, err := s.account(db, connection, secret)
	return connection, account, err
}

// reconnect explains that what is saved of a connection can't be used.
func reconnect(settings Settings, err error) error {
	advice, link := settings.access().RenewAdvice()
	return fmt.Errorf("%w: %w", &loomupload.Problem{
		Kind: loomupload.KindReconnect, Message: "Your connection to Loom can't be used any more.", Advice: advice, Link: link,
	}, err)
}
