package backup

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// paramID identifies the row in PocketBase's table of parameters.
const paramID = "installation"

// InstallationID returns a random text that identifies the data: it is created once in the global database, and a restore or a standby
// takes it along.
func InstallationID(ctx context.Context, db dbx.Builder) (id string, err error) {
	id, err = readInstallationID(ctx, db)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	value, err := json.Marshal(rand.Text())
	if err != nil {
		return "", err
	}
	_, err = db.NewQuery("INSERT INTO {{_params}} ([[id]], [[value]], [[created]], [[updated]]) VALUES ({:id}, {:value}, {:now}, {:now}) " +
		"ON CONFLICT ([[id]]) DO NOTHING").
		Bind(dbx.Params{"id": paramID, "value": string(value), "now": time.Now().UTC().Format("2006-01-02 15:04:05.000Z")}).
		WithContext(ctx).Execute()
	if err != nil {
		return "", fmt.Errorf("create the identity of the installation: %w", err)
	}
	return readInstallationID(ctx, db)
}

func readInstallationID(ctx context.Context, db dbx.Builder) (id string, err error) {
	var value string
	err = db.NewQuery("SELECT [[value]] FROM {{_params}} WHERE [[id]] = {:id}").Bind(dbx.Params{"id": paramID}).WithContext(ctx).Row(&value)
	if err == nil {
		err = json.Unmarshal([]byte(value), &id)
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
	var w writer
	text, err := os.ReadFile(filepath.Join(dataDir, WriterName))
	if errors.Is(err, fs.ErrNotExist) {
		return writer{ID: rand.Text()}, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &w)
	}
	if err != nil {
		return writer{}, fmt.Errorf("read which backups belong to this server: %w", err)
	}
	return w, nil
}

func (w writer) knows(location string) bool { return slices.Contains(w.Locations, location) }

func (w writer) save(dataDir string) error {
	err := durable.WriteFile(filepath.Join(dataDir, WriterName), 0o600, func(to io.Writer) error { return json.NewEncoder(to).Encode(w) })
	if err != nil {
		return fmt.Errorf("record which backups belong to this server: %w", err)
	}
	return nil
}
