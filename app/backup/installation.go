package backup

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// paramID identifies the row in PocketBase's table of parameters.
const paramID = "installation"

// InstallationID returns a random text that identifies the data: it is created once in the global database, and a restore or a standby
// takes it along.
func InstallationID(ctx context.Context, db dbx.Builder) (id string, err error) {
	found, err := sqlite.ReadParameter(ctx, db, paramID, &id)
	if err == nil && !found {
		if err = sqlite.CreateParameter(ctx, db, paramID, rand.Text()); err != nil {
			return "", fmt.Errorf("create the identity of the installation: %w", err)
		}
		_, err = sqlite.ReadParameter(ctx, db, paramID, &id) // which another process may have created
	}
	if err != nil {
		return "", fmt.Errorf("read the identity of the installation: %w", err)
	}
	return id, nil
}

// WriterName is the name of the file in DATA_DIR that identifies the directory to repositories. Nothing that is restored replaces it, so
// two directories with the same data differ.
const WriterName = ".backup-writer.json"

// writer is what a data directory knows about the repositories to which it has written.
type writer struct {
	ID        string   `json:"id"`        // random
	Locations []string `json:"locations"` // see store.Store
}

// readWriter returns what is in a data directory, or a new writer.
func readWriter(dataDir string) (writer, error) {
	w := writer{ID: rand.Text()}
	if _, err := durable.ReadJSON(filepath.Join(dataDir, WriterName), &w); err != nil {
		return writer{}, fmt.Errorf("read which backups belong to this server: %w", err)
	}
	return w, nil
}

func (w writer) knows(location string) bool { return slices.Contains(w.Locations, location) }

func (w writer) save(dataDir string) error {
	if err := durable.WriteJSON(filepath.Join(dataDir, WriterName), w); err != nil {
		return fmt.Errorf("record which backups belong to this server: %w", err)
	}
	return nil
}
