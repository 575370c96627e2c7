package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/pocketbase/dbx"
)

// Image is the content of a whole database file, ready to be loaded into memory.
// It never changes: any number of drafts may be made of it at once.
type Image []byte

// Two bytes of the header say how the file is read and written, 1 with a
// rollback journal, 2 with a write-ahead log: https://www.sqlite.org/fileformat.html#file_format_version_numbers
const (
	formatOffset   = 18
	formatJournal  = 1
	formatWAL      = 2
	leastImageSize = 512
)

// ReadImage reads the file of a database that nobody has open.
func ReadImage(path string) (Image, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(content) < leastImageSize {
		return nil, fmt.Errorf("%s is no database", path)
	}
	setFormat(content, formatJournal) // a log needs a file
	return content, nil
}

// Draft is a copy of an image in memory that may be changed over the one
// connection of its DB. Nothing of it touches a disk. Close it when done.
type Draft struct {
	DB *dbx.DB
}

// Draft makes a copy.
func (i Image) Draft(ctx context.Context) (*Draft, error) {
	db, err := sql.Open(driverName, ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // in memory, the connection is the database
	draft := &Draft{DB: dbx.NewFromDB(db, driverName)}
	if err := draft.with(ctx, func(c serializer) error { return c.Deserialize(i) }); err != nil {
		return nil, errors.Join(fmt.Errorf("load an image: %w", err), draft.Close())
	}
	return draft, nil
}

// Content returns what to write into a file.
func (d *Draft) Content(ctx context.Context) (content []byte, err error) {
	err = d.with(ctx, func(c serializer) (err error) {
		content, err = c.Serialize()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take an image: %w", err)
	}
	setFormat(content, formatWAL)
	return content, nil
}

// Close drops the draft.
func (d *Draft) Close() error { return d.DB.Close() }

func setFormat(content []byte, format byte) {
	content[formatOffset], content[formatOffset+1] = format, format
}

type serializer interface {
	Serialize() ([]byte, error)
	Deserialize([]byte) error
}

func (d *Draft) with(ctx context.Context, fn func(serializer) error) error {
	conn, err := d.DB.DB().Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(conn.Raw(func(c any) error { return fn(c.(serializer)) }), conn.Close())
}
