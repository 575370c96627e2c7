package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/pocketbase/dbx"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// readOnlyPragmas leave the file as it is: in particular, they don't convert it to write-ahead logging.
const readOnlyPragmas = "_pragma=busy_timeout(10000)&_pragma=query_only(1)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-2000)"

// OpenReadOnly opens an existing file with one connection that changes neither the file nor its write-ahead log,
// whichever process has left them, so that files of unknown origin can be examined. It returns fs.ErrNotExist if
// there is no file.
//
// While the database is open, SQLite's index of the log (data.db-shm) exists beside the file. Only beside a log
// that was copied without its index does it stay.
func OpenReadOnly(path string) (*dbx.DB, error) {
	dsn, err := readOnlyDSN(path)
	if err != nil {
		return nil, err
	}
	db, err := dbx.Open(driverName, dsn)
	if err != nil {
		return nil, err
	}
	db.DB().SetMaxOpenConns(1)
	return db, nil
}

// IsUnfinished reports whether an error of a database from OpenReadOnly means that a program ended in the middle
// of a transaction and left a rollback journal, so that the file can't be read without changing it.
func IsUnfinished(err error) bool {
	cause, ok := errors.AsType[*sqlite.Error](err)
	return ok && cause.Code() == lib.SQLITE_READONLY_ROLLBACK
}

func readOnlyDSN(path string) (string, error) {
	path, err := filepath.EvalSymlinks(path) // the log is beside the file that a link leads to
	if err != nil {
		return "", err
	}
	mode, err := readOnlyMode(path)
	if err != nil {
		return "", err
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=" + mode + "&" + readOnlyPragmas, nil
}

// readOnlyMode returns the mode in which SQLite opens a file for reading and leaves no trace. The last connection
// to a file with a write-ahead log moves the content of the log into the file and removes the log, if it may write.
// This must not happen to a log that others have left, and must happen to the empty log that reading creates.
//
// It looks for the log first. Closing a file drops all locks that this process has on it, also those of SQLite, and then another
// process, such as Litestream, could remove the log while it is in use. Where a connection has locks, there is a log.
func readOnlyMode(path string) (string, error) {
	if _, err := os.Lstat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		return "ro", nil
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	header := make([]byte, minImageSize)
	if _, err := io.ReadFull(file, header); err != nil {
		return "ro", nil // no database; SQLite says so when it reads the file
	}
	if header[formatOffset] != formatWAL {
		return "ro", nil
	}
	return "rw", nil
}

// ConnectReadOnly is Connect for a process that must change nothing. The file must exist, except for auxiliary.db:
// it is not opened, and what is logged is discarded.
func ConnectReadOnly(path string) (*dbx.DB, error) {
	if filepath.Base(path) == AuxiliaryFile {
		return dbx.NewFromDB(sql.OpenDB(discardedLogs{}), driverName), nil
	}
	dsn, err := readOnlyDSN(path)
	if err != nil {
		return nil, err
	}
	return dbx.NewFromDB(sql.OpenDB(pathConnector(dsn)), driverName), nil
}

// discardedLogs opens databases in memory that PocketBase can use as its auxiliary.db.
type discardedLogs struct{}

// Connect implements driver.Connector.
func (discardedLogs) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := openConnection(":memory:")
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, "CREATE TABLE _logs (id, level, message, data, created)", nil); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// Driver implements driver.Connector.
func (discardedLogs) Driver() driver.Driver { return sqliteDriver }
