package app

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// maxRewraps is how often data keys are rewrapped if some that need it were added meanwhile, as by restoring a backup.
const maxRewraps = 3

// rotateKey finishes the rotation of a key. When it returns, nothing needs the previous key, and that survives a power cut.
func (a *App) rotateKey(ctx context.Context, request operator.RotateRequest) (result operator.Rotation, err error) {
	if !slices.Contains(config.RotatedKeys, request.Key) {
		return operator.Rotation{}, fmt.Errorf("%s is not a key that can be rotated", request.Key)
	}
	if a.Config.KeyID(request.Key) != request.ID {
		return operator.Rotation{}, fmt.Errorf("the running server has another %s: restart it first", request.Key)
	}
	switch request.Key {
	case "AES_MASTER_KEY":
		result.Changed, err = a.rewrapKeys(ctx)
	case "PB_ENCRYPTION_KEY": // prepare has encrypted the settings again
		err = a.checkSettings(ctx)
	}
	if err != nil {
		return operator.Rotation{}, err
	}
	result.Finished = true
	return result, a.Databases.SyncRegistry()
}

// rewrapKeys returns how many data keys it has changed.
func (a *App) rewrapKeys(ctx context.Context) (changed int, err error) {
	for range maxRewraps {
		databases, err := a.Databases.RewrapKeys(ctx)
		others, otherErr := a.rewrapOtherKeys(ctx)
		changed += databases + others
		if err := errors.Join(err, otherErr); err != nil {
			return changed, fmt.Errorf("rewrap data keys: %w", err)
		}
		left, err := a.previousKeyUses(ctx, a.ConcurrentDB(), a.HasTable)
		if err != nil {
			return changed, err
		}
		if left == 0 {
			// The keys are also in the folders of the databases, which helps if the registry is lost.
			return changed, a.Databases.RefreshOwnerFiles(ctx)
		}
	}
	return changed, errors.New("rewrap data keys: others that need it are being added: run the command again")
}

// previousKeyUses counts the data keys in a global database that another master key than the current one has wrapped.
// Older databases lack some tables, as has says.
func (a *App) previousKeyUses(ctx context.Context, db dbx.Builder, has func(table string) bool) (int, error) {
	keys, err := newVault(a.Config)
	if err != nil {
		return 0, err
	}
	source := "SELECT [[data_key]] FROM {{" + migrations.UserDatabases + "}} WHERE [[data_key]] != ''"
	for _, table := range tablesWithKeys {
		if has(table.name) {
			source += " UNION ALL SELECT [[data_key]] FROM {{" + table.name + "}} WHERE [[data_key]] != ''"
		}
	}
	var uses []struct {
		WrappedKey string `db:"data_key"`
		Count      int    `db:"count"`
	}
	err = db.NewQuery("SELECT MIN([[data_key]]) AS [[data_key]], COUNT(*) AS [[count]] FROM (" + source + ") GROUP BY SUBSTR([[data_key]], 1, {:prefix})").
		Bind(dbx.Params{"prefix": vault.MasterKeyPrefix}).WithContext(ctx).All(&uses)
	if err != nil {
		return 0, fmt.Errorf("count data keys by master key: %w", err)
	}
	count := 0
	for _, use := range uses {
		if !keys.IsCurrent(use.WrappedKey) {
			count += use.Count
		}
	}
	return count, nil
}

// errOtherSettingsKey means that a key doesn't decrypt PocketBase's settings.
var errOtherSettingsKey = errors.New("settings are encrypted with another key")

// settingsParam is the id of the row in _params that contains PocketBase's settings.
const settingsParam = "settings"

// decryptSettings returns PocketBase's settings. Its error is errOtherSettingsKey.
func decryptSettings(value, key string) ([]byte, error) {
	// PocketBase's Decrypt panics on a value that is shorter than a nonce.
	raw, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(raw) < 12 || key == "" {
		return nil, errOtherSettingsKey
	}
	plain, err := security.Decrypt(value, key)
	if err != nil {
		return nil, errOtherSettingsKey
	}
	return plain, nil
}

func readSettings(ctx context.Context, db dbx.Builder) (values []string, err error) {
	err = db.Select("value").From("_params").Where(dbx.HashExp{"id": settingsParam}).WithContext(ctx).Column(&values)
	return values, err
}

// encryptSettingsAgain encrypts PocketBase's settings with PB_ENCRYPTION_KEY if they are encrypted with
// PB_ENCRYPTION_KEY_PREVIOUS. inspectDataDirectory has found out whether they are. The database must not be open.
func (a *App) encryptSettingsAgain(ctx context.Context) (err error) {
	if a.settingsKey == "" {
		return nil
	}
	db, err := sqlite.Open(filepath.Join(a.DataDir(), sqlite.DataFile))
	if err != nil {
		return fmt.Errorf("encrypt PocketBase's settings again: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	values, err := readSettings(ctx, db)
	for _, value := range values {
		if err != nil {
			break
		}
		var plain []byte
		if plain, err = decryptSettings(value, a.settingsKey); err != nil {
			break
		}
		var encrypted string
		if encrypted, err = security.Encrypt(plain, a.Config.SettingsKey()); err != nil {
			break
		}
		_, err = db.Update("_params", dbx.Params{"value": encrypted}, dbx.HashExp{"id": settingsParam, "value": value}).WithContext(ctx).Execute()
	}
	if err != nil {
		return fmt.Errorf("encrypt PocketBase's settings again: %w", err)
	}
	a.settingsKey = ""
	a.Log.InfoContext(ctx, "encrypted PocketBase's settings with the new PB_ENCRYPTION_KEY")
	return nil
}

// checkSettings returns an error unless PocketBase's settings are encrypted with PB_ENCRYPTION_KEY.
func (a *App) checkSettings(ctx context.Context) error {
	values, err := readSettings(ctx, a.ConcurrentDB())
	if err != nil {
		return fmt.Errorf("read PocketBase's settings: %w", err)
	}
	for _, value := range values {
		if json.Valid([]byte(value)) {
			return errors.New("PocketBase's settings are not encrypted yet: restart the server")
		}
		if _, err := decryptSettings(value, a.Config.SettingsKey()); err != nil {
			return fmt.Errorf("check PocketBase's settings: %w: restart the server", err)
		}
	}
	return nil
}
