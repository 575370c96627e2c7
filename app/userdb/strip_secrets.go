package userdb

import (
	"context"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// stripSecrets removes credentials and superusers from a snapshot, replaces its signing secrets and makes its
// recordings refer to files on disk. The removed content is overwritten in the file.
func stripSecrets(ctx context.Context, path string) (err error) {
	db, err := sqlite.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.NewQuery("PRAGMA secure_delete=ON").WithContext(ctx).Execute(); err != nil {
		return err
	}
	return sqlite.Transaction(ctx, db, func(tx *dbx.Tx) error {
		collections, err := readSigningSecrets(tx)
		if err != nil {
			return err
		}
		for _, secrets := range collections {
			if err := secrets.renew(tx); err != nil {
				return err
			}
		}
		if _, err := tx.Delete(core.CollectionNameSuperusers, nil).Execute(); err != nil {
			return err
		}
		if _, err := tx.Update(schema.Connections, dbx.Params{"secret": ""}, nil).Execute(); err != nil {
			return err
		}
		elsewhere := dbx.NewExp("blob != '' OR move IS NOT NULL")
		if _, err := tx.Update(schema.Recordings, dbx.Params{"blob": "", "move": nil}, elsewhere).Execute(); err != nil {
			return err
		}
		_, err = tx.Update(schema.Transfers, dbx.Params{"upload": nil}, dbx.NewExp("upload IS NOT NULL")).Execute()
		return err
	})
}
