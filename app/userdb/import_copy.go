package userdb

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// A transaction of an import ends after this many records, or bytes.
const (
	importBatch      = 500
	importBatchBytes = 8 << 20
)

// importCopy copies the records of an export into a new database.
type importCopy struct {
	source  *importSource
	archive *importFile
	app     *core.BaseApp // the new database
	result  Imported
	files   []importedFile // to be extracted
}

// importedFile is the file of a recording or poster in the archive and its path in the folder of the new database, with slashes.
type importedFile struct {
	entry *zip.File
	path  string
}

// build creates data.db in a folder. The database gets the schema of the export, then its records, and then the later
// migrations, so that these also convert what is in the records.
func (c *importCopy) build(ctx context.Context, folder string, owner *core.Record, now time.Time) error {
	c.app = newDatabaseApp(folder, nil)
	err := c.fill(ctx, owner, now)
	if err := errors.Join(err, closeApp(c.app)); err != nil {
		return err
	}
	if err := sqlite.Checkpoint(ctx, filepath.Join(folder, sqlite.DataFile)); err != nil {
		return err
	}
	return removeAuxiliary(folder)
}

func (c *importCopy) fill(ctx context.Context, owner *core.Record, now time.Time) error {
	if err := c.app.Bootstrap(); err != nil {
		return err
	}
	var applied core.MigrationsList
	for _, m := range schema.List.Items() {
		if m.File <= c.source.newest {
			applied.Add(m)
		}
	}
	if _, err := core.NewMigrationsRunner(c.app, applied).Up(); err != nil {
		return fmt.Errorf("apply the migrations of the export: %w", err)
	}
	if err := insertOwner(c.app.NonconcurrentDB(), owner, now); err != nil {
		return err
	}
	collections, err := c.app.FindAllCollections(core.CollectionTypeBase)
	if err != nil {
		return err
	}
	for _, collection := range sortByRelations(collections) {
		if err := c.copyCollection(ctx, collection); err != nil {
			return err
		}
	}
	if _, err := core.NewMigrationsRunner(c.app, schema.List).Up(); err != nil {
		return fmt.Errorf("apply the migrations that are newer than the export: %w", err)
	}
	return nil
}

// sortByRelations returns the collections of this program so that each comes after those to which it refers.
func sortByRelations(collections []*core.Collection) []*core.Collection {
	var sorted []*core.Collection
	var add func(collection *core.Collection)
	add = func(collection *core.Collection) {
		if collection.System || slices.Contains(sorted, collection) {
			return
		}
		for _, field := range collection.Fields {
			relation, ok := field.(*core.RelationField)
			for _, other := range collections {
				if ok && other.Id == relation.CollectionId && other != collection {
					add(other)
				}
			}
		}
		sorted = append(sorted, collection)
	}
	for _, collection := range collections {
		add(collection)
	}
	return sorted
}

func (c *importCopy) copyCollection(ctx context.Context, collection *core.Collection) error {
	present, err := c.source.columns(ctx, collection.Name)
	if err != nil {
		return err
	}
	columns := slices.DeleteFunc(collection.Fields.FieldNames(), func(name string) bool { return !slices.Contains(present, name) })
	if !slices.Contains(columns, core.FieldNameId) {
		return fmt.Errorf("%w: table %s has no ids", errNoExport, collection.Name)
	}
	var batch []*core.Record
	bytes := 0
	flush := func() error {
		err := c.save(ctx, batch)
		batch, bytes = nil, 0
		return err
	}
	err = c.source.read(ctx, collection.Name, columns, func(row dbx.NullStringMap) error {
		record, err := decodeRow(collection, row)
		if err != nil {
			return invalidRecord(collection.Name, row[core.FieldNameId].String, err)
		}
		if !c.adapt(record) {
			return nil
		}
		batch = append(batch, record)
		for _, value := range row {
			bytes += len(value.String)
		}
		if len(batch) < importBatch && bytes < importBatchBytes {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// decodeRow returns the record in a row, as PocketBase decodes it.
func decodeRow(collection *core.Collection, row dbx.NullStringMap) (*core.Record, error) {
	record := core.NewRecord(collection)
	for _, field := range collection.Fields {
		var stored any
		if value := row[field.GetName()]; value.Valid {
			stored = value.String
		}
		value, err := field.PrepareValue(record, stored)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", field.GetName(), err)
		}
		record.SetRaw(field.GetName(), value) // dates that are set in this way are kept
	}
	record.Id = row[core.FieldNameId].String
	return record, nil
}

// save validates records and inserts them.
func (c *importCopy) save(ctx context.Context, records []*core.Record) error {
	return c.app.RunInTransaction(func(tx core.App) error {
		plain := tx.UnsafeWithoutHooks() // hooks would replace dates
		for _, record := range records {
			name := record.Collection().Name
			restoreFiles := hideFiles(record)
			if err := tx.ValidateWithContext(ctx, record); err != nil {
				return invalidRecord(name, record.Id, err)
			}
			restoreFiles()
			if err := plain.SaveNoValidateWithContext(ctx, record); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				return invalidRecord(name, record.Id, err)
			}
			switch name {
			case schema.Meetings:
				c.result.Meetings++
			case schema.Recordings:
				c.result.Recordings++
			}
		}
		return nil
	})
}

// hideFiles removes the names of files from a record, until restore is called. They have been checked, and PocketBase's
// validation accepts only uploads.
func hideFiles(record *core.Record) (restore func()) {
	names := map[string]any{}
	for _, field := range record.Collection().Fields {
		if _, isFile := field.(*core.FileField); isFile {
			names[field.GetName()] = record.GetRaw(field.GetName())
			record.SetRaw(field.GetName(), "")
		}
	}
	return func() {
		for name, value := range names {
			record.SetRaw(name, value)
		}
	}
}

// invalidRecord returns an error about a record in the archive.
func invalidRecord(collection, id string, err error) error {
	return fmt.Errorf("archive contains an invalid record %s of %s: %s", quoteName(id), collection,
		sanitize.Truncate(strings.TrimSpace(err.Error()), 300))
}
