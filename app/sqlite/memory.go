package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/pocketbase/dbx"
)

// Image is the content of a database file, prepared for loading into memory. It never changes, so any
// number of drafts may be created from it at the same time.
type Image []byte

// Two bytes of the header determine how the file is read and written:
// https://www.sqlite.org/fileformat.html#file_format_version_numbers
const (
	formatOffset  = 18
	formatJournal = 1   // rollback journal
	formatWAL     = 2   // write-ahead log
	minImageSize  = 512 // the smallest page size of SQLite
)

// ReadImage reads a database file, which must not be open anywhere.
func ReadImage(path string) (Image, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(content) < minImageSize {
		return nil, fmt.Errorf("%s is not a database", path)
	}
	setFormat(content, formatJournal) // a database in memory cannot have a write-ahead log
	return content, nil
}

// Draft is a database in memory, which can be changed through DB. DB has only one connection. The caller
// must close the Draft.
type Draft struct {
	DB *dbx.DB
}

// Draft returns a new database in memory with the content of the image.
func (i Image) Draft(ctx context.Context) (*Draft, error) {
	db, err := sql.Open(driverName, ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // every connection would have a memory database of its own
	draft := &Draft{DB: dbx.NewFromDB(db, driverName)}
	if err := draft.withConnection(ctx, func(c serializer) error { return c.Deserialize(i) }); err != nil {
		return nil, errors.Join(fmt.Errorf("load a database image: %w", err), draft.Close())
	}
	return draft, nil
}

// Content returns the content of a database file that equals the draft.
func (d *Draft) Content(ctx context.Context) (content []byte, err error) {
	err = d.withConnection(ctx, func(c serializer) (err error) {
		content, err = c.Serialize()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("serialize a database: %w", err)
	}
	setFormat(content, formatWAL)
	return content, nil
}

// Close frees the memory of the draft.
func (d *Draft) Close() error { return d.DB.Close() }

func setFormat(content []byte, format byte) {
	content[formatOffset], content[formatOffset+1] = format, format
}

// serializer is implemented by the driver's connections.
type serializer interface {
	Serialize() ([]byte, error)
	Deserialize([]byte) error
}

func (d *Draft) withConnection(ctx context.Context, fn func(serializer) error) error {
	conn, err := d.DB.DB().Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(conn.Raw(func(c any) error { return fn(c.(serializer)) }), conn.Close())
}
