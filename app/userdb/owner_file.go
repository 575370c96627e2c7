package userdb

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// OwnerFile is the name of the file in the folder of a database that says whose database it is. The registry decides; the file only
// helps if the registry has lost the row, because the global database was restored from a backup that is older than the
// database (adopt.go).
const OwnerFile = "owner.json"

// owner is the content of the file. None of it is secret: the data key is encrypted.
type owner struct {
	Database string `json:"database"`
	User     string `json:"user"`
	Email    string `json:"email"`
	DataKey  string `json:"data_key"` // wrapped

	isNewKey bool // nobody knows the former key any more
}

// maxOwnerFile is more than the file needs, in bytes.
const maxOwnerFile = 64 << 10

// writeOwner writes the file into the folder of a database, if its content has changed. Without sync, the file may be empty after a
// power cut; the next start writes it again.
func (s *Service) writeOwner(entry registry.Entry, sync bool) error {
	text, err := json.Marshal(owner{Database: entry.Name, User: entry.UserID, Email: entry.Email, DataKey: entry.WrappedKey})
	if err != nil {
		return err
	}
	path := filepath.Join(s.Dir(entry.Name), OwnerFile)
	if present, err := os.ReadFile(path); err == nil && bytes.Equal(present, text) {
		return nil
	}
	if sync {
		err = durable.WriteFile(path, 0o600, func(to io.Writer) error {
			_, err := to.Write(text)
			return err
		})
	} else if err = os.WriteFile(path+".tmp-0", text, 0o600); err == nil { // a name that durable.IsTemporary recognizes
		err = os.Rename(path+".tmp-0", path)
	}
	if err != nil {
		return fmt.Errorf("record the owner of user database %s: %w", entry.Name, err)
	}
	return nil
}

// RefreshOwnerFiles writes the owner of every ready database into its folder, where that isn't recorded yet or has changed. Call it after
// the data keys have been wrapped with another master key. It returns ctx.Err or an error of the registry; it logs the others.
func (s *Service) RefreshOwnerFiles(ctx context.Context) error {
	entries, err := s.registry.All(ctx)
	if err != nil {
		return err
	}
	meter := progress.Start(ctx, progress.Progress{Stage: "record owners", Total: int64(len(entries)), Unit: progress.Databases})
	for _, entry := range entries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		meter.Add(1)
		if entry.Status != registry.StatusReady || entry.UserID == "" {
			continue
		}
		if complete, err := hasData(s.Dir(entry.Name)); err != nil || !complete { // reconcile reports it
			continue
		}
		if err := s.writeOwner(entry, true); err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.logger.WarnContext(ctx, "failed to record the owner of a user database in its folder", "database", entry.Name, "error", err)
		}
	}
	return nil
}

// readOwner reads the file from a folder, or from an archive. It returns fs.ErrNotExist if there is none.
func readOwner(ctx context.Context, path string, archive bool) (found owner, err error) {
	var text []byte
	if archive {
		text, err = durable.ReadEntry(ctx, path, OwnerFile, maxOwnerFile)
	} else {
		text, err = os.ReadFile(filepath.Join(path, OwnerFile))
	}
	if err != nil {
		return owner{}, err
	}
	if err := json.Unmarshal(text, &found); err != nil {
		return owner{}, fmt.Errorf("read %s: %w", OwnerFile, err)
	}
	return found, nil
}
