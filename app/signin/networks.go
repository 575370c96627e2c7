package signin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	knownFor         = 30 * 24 * time.Hour
	refreshAfter     = 24 * time.Hour // a known network isn't written more often than this
	maxKnownNetworks = 20             // of one account
)

// networks remembers from which networks accounts were used. It stores no addresses, only hashes under a key that
// isn't in the database.
type networks struct {
	app      core.App
	key      []byte
	previous []byte // the key before a rotation; empty if there was none
	now      func() time.Time
}

// hash depends on the account, so that the database doesn't reveal which accounts share a network.
func (n networks) hash(account string, network limit.Caller) string {
	return hashWith(n.key, account, network)
}

func hashWith(key []byte, account string, network limit.Caller) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(account + "\x00" + network.String()))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// isKnown reports whether an account was used from a network within knownFor.
func (n networks) isKnown(ctx context.Context, account string, network limit.Caller) (bool, error) {
	keys := [][]byte{n.key}
	if len(n.previous) > 0 {
		keys = append(keys, n.previous)
	}
	for _, key := range keys {
		lastUsed, err := n.lastUsed(ctx, account, hashWith(key, account, network))
		if err != nil || n.now().Sub(lastUsed.Time()) < knownFor {
			return err == nil, err
		}
	}
	return false, nil
}

// lastUsed returns the zero time for an unknown network.
func (n networks) lastUsed(ctx context.Context, account, hash string) (types.DateTime, error) {
	var lastUsed types.DateTime
	err := n.app.ConcurrentDB().Select("last_used").From(migrations.SignInNetworks).
		Where(dbx.HashExp{"account": account, "network": hash}).WithContext(ctx).Row(&lastUsed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return lastUsed, fmt.Errorf("find known network of account %s: %w", account, err)
	}
	return lastUsed, nil
}

// remember adds a network to the known ones of an account, which keeps the latest maxKnownNetworks.
func (n networks) remember(ctx context.Context, account string, network limit.Caller) error {
	hash, now := n.hash(account, network), n.now()
	lastUsed, err := n.lastUsed(ctx, account, hash)
	if err != nil || now.Sub(lastUsed.Time()) < refreshAfter {
		return err
	}
	stamp, err := types.ParseDateTime(now)
	if err != nil {
		return fmt.Errorf("format time: %w", err)
	}
	const table = "{{" + migrations.SignInNetworks + "}}"
	insert := n.app.NonconcurrentDB().NewQuery("INSERT INTO " + table + " (id, account, network, last_used) " +
		"VALUES ({:id}, {:account}, {:network}, {:now}) ON CONFLICT (account, network) DO UPDATE SET last_used = excluded.last_used").
		Bind(dbx.Params{"id": core.GenerateDefaultRandomId(), "account": account, "network": hash, "now": stamp.String()})
	prune := n.app.NonconcurrentDB().NewQuery("DELETE FROM " + table + " WHERE account = {:account} AND id NOT IN " +
		"(SELECT id FROM " + table + " WHERE account = {:account} ORDER BY last_used DESC LIMIT {:max})").
		Bind(dbx.Params{"account": account, "max": maxKnownNetworks})
	for _, query := range []*dbx.Query{insert, prune} {
		if _, err := query.WithContext(ctx).Execute(); err != nil {
			return fmt.Errorf("remember network of account %s: %w", account, err)
		}
	}
	return nil
}

// Prune deletes the networks that are no longer known.
func (g *Guard) Prune(ctx context.Context) error {
	stamp, err := types.ParseDateTime(g.networks.now().Add(-knownFor))
	if err != nil {
		return fmt.Errorf("format time: %w", err)
	}
	_, err = g.networks.app.NonconcurrentDB().Delete(migrations.SignInNetworks, dbx.NewExp("last_used < {:until}", dbx.Params{"until": stamp.String()})).
		WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("delete networks that accounts no longer use: %w", err)
	}
	return nil
}

// ForgetAccount deletes the known networks of an account.
func (g *Guard) ForgetAccount(ctx context.Context, id string) error {
	_, err := g.networks.app.NonconcurrentDB().Delete(migrations.SignInNetworks, dbx.HashExp{"account": id}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("delete known networks of account %s: %w", id, err)
	}
	return nil
}
