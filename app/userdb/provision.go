package userdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	dataFile      = "data.db"
	auxiliaryFile = "auxiliary.db"

	// scratchPrefix marks folders that hold work in progress. Nothing in one is
	// needed after a crash.
	scratchPrefix = ".new-"
)

// Provision returns the database of a user and makes it first where there is
// none: the name is reserved in the registry, a folder is built under a scratch
// name, synced and renamed, and the row becomes ready. Every step can be
// repeated, so that a call after a crash, or the next start, finishes what was
// begun. Concurrent calls for one user share one run.
func (s *Service) Provision(ctx context.Context, user *core.Record) (Entry, error) {
	entry, err := s.registry.ofUser(ctx, user.Id)
	if err == nil && entry.Status == StatusReady {
		return entry, nil
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Entry{}, err
	}

	// The run outlives a caller who hangs up: others may be waiting for it.
	detached := context.WithoutCancel(ctx)
	result := s.provisioning.DoChan(user.Id, func() (any, error) {
		return s.provision(detached, user)
	})
	select {
	case <-ctx.Done():
		return Entry{}, ctx.Err()
	case r := <-result:
		if r.Err != nil {
			return Entry{}, r.Err
		}
		return r.Val.(Entry), nil
	}
}

func (s *Service) provision(ctx context.Context, user *core.Record) (Entry, error) {
	entry, err := s.registry.reserve(ctx, user.Id, user.Email(), s.now(), s.folderExists, func(name string) (string, error) {
		_, wrapped, err := s.vault.NewDataKey(name)
		return wrapped, err
	})
	if err != nil {
		return Entry{}, err
	}
	switch entry.Status {
	case StatusReady:
		return entry, nil
	case StatusProvisioning, StatusFailed:
		return s.finish(ctx, entry, user)
	default:
		return Entry{}, fmt.Errorf("user database %s is %s: %w", entry.Name, entry.Status, ErrNotFound)
	}
}

// finish builds the folder of a reserved name and marks its row ready. A folder
// under its final name is always whole, because it got there by rename.
func (s *Service) finish(ctx context.Context, entry Entry, user *core.Record) (Entry, error) {
	if !validName(entry.Name) {
		return Entry{}, fmt.Errorf("registry row %s has the invalid name %q", entry.ID, entry.Name)
	}
	// One that is there already may be from before an upgrade: without a schema
	// version it is migrated when it is opened.
	entry.SchemaVersion = ""
	_, err := os.Stat(filepath.Join(s.Dir(entry.Name), dataFile))
	if errors.Is(err, os.ErrNotExist) {
		entry.SchemaVersion = schema.Version()
		err = s.build(ctx, entry.Name, user)
	}
	if err != nil {
		err = fmt.Errorf("provision user database %s: %w", entry.Name, err)
		if markErr := s.registry.setStatus(ctx, &entry, StatusFailed, err); markErr != nil {
			err = errors.Join(err, markErr)
		}
		return Entry{}, err
	}
	if err := s.registry.setStatus(ctx, &entry, StatusReady, nil); err != nil {
		return Entry{}, err
	}
	s.logger.Info("user database provisioned", "database", entry.Name, "user", entry.UserID)
	return entry, nil
}

func (s *Service) folderExists(name string) bool {
	_, err := os.Lstat(s.Dir(name))
	return !errors.Is(err, os.ErrNotExist)
}

func (s *Service) build(ctx context.Context, name string, user *core.Record) (err error) {
	scratch := filepath.Join(s.dir, scratchPrefix+name)
	if err := os.RemoveAll(scratch); err != nil {
		return fmt.Errorf("remove an unfinished folder: %w", err)
	}
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(scratch))
		}
	}()

	files := map[string][]byte{dataFile: s.template.data, auxiliaryFile: s.template.auxiliary}
	for file, content := range files {
		if err := os.WriteFile(filepath.Join(scratch, file), content, 0o600); err != nil {
			return err
		}
	}
	if err := personalise(ctx, filepath.Join(scratch, dataFile), user, s.now()); err != nil {
		return err
	}
	for file := range files {
		if err := SyncPath(filepath.Join(scratch, file)); err != nil {
			return err
		}
	}
	if err := SyncPath(scratch); err != nil {
		return err
	}
	if err := os.Rename(scratch, s.Dir(name)); err != nil {
		return err
	}
	return SyncPath(s.dir)
}

// personalise gives a clone secrets of its own and its owner's record. It works
// on the bare file, before any PocketBase has it open: saving every auth
// collection through the app would take several times as long.
func personalise(ctx context.Context, path string, owner *core.Record, now time.Time) (err error) {
	db, err := dbx.Open("sqlite", path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_txlock=immediate")
	if err != nil {
		return fmt.Errorf("open the clone: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.DB().SetMaxOpenConns(1)

	return db.TransactionalContext(ctx, nil, func(tx *dbx.Tx) error {
		if err := refreshSecrets(tx); err != nil {
			return err
		}
		stamp, err := types.ParseDateTime(now)
		if err != nil {
			return err
		}
		_, err = tx.Insert(schema.Users, dbx.Params{
			"id":              owner.Id,
			"email":           owner.Email(),
			"name":            owner.GetString("name"),
			"emailVisibility": false,
			"verified":        owner.Verified(),
			"password":        "",
			"tokenKey":        security.RandomString(50),
			"created":         stamp.String(),
			"updated":         stamp.String(),
		}).Execute()
		if err != nil {
			return fmt.Errorf("insert the owner record: %w", err)
		}
		return nil
	})
}

// tokenOptions are the keys of an auth collection's options that hold a signing
// secret: https://github.com/pocketbase/pocketbase/blob/v0.39.11/core/collection_model_auth_options.go
var tokenOptions = []string{"authToken", "passwordResetToken", "emailChangeToken", "verificationToken", "fileToken"}

func refreshSecrets(tx *dbx.Tx) error {
	var collections []struct {
		ID      string `db:"id"`
		Name    string `db:"name"`
		Options string `db:"options"`
	}
	if err := tx.Select("id", "name", "options").From("_collections").Where(dbx.HashExp{"type": core.CollectionTypeAuth}).All(&collections); err != nil {
		return fmt.Errorf("read auth collections: %w", err)
	}
	for _, c := range collections {
		var options map[string]json.RawMessage
		if err := json.Unmarshal([]byte(c.Options), &options); err != nil {
			return fmt.Errorf("decode options of %s: %w", c.Name, err)
		}
		for _, key := range tokenOptions {
			var token map[string]any
			if err := json.Unmarshal(options[key], &token); err != nil {
				return fmt.Errorf("decode %s of %s: %w", key, c.Name, err)
			}
			token["secret"] = security.RandomString(50)
			raw, err := json.Marshal(token)
			if err != nil {
				return err
			}
			options[key] = raw
		}
		raw, err := json.Marshal(options)
		if err != nil {
			return err
		}
		if _, err := tx.Update("_collections", dbx.Params{"options": string(raw)}, dbx.HashExp{"id": c.ID}).Execute(); err != nil {
			return fmt.Errorf("write fresh secrets of %s: %w", c.Name, err)
		}
	}
	return nil
}

// SyncPath makes what was written to a file, or what was renamed into a folder,
// survive a power cut.
func SyncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return errors.Join(fmt.Errorf("sync %s: %w", filepath.Base(path), err), f.Close())
	}
	return f.Close()
}
