package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/pocketbase/dbx"
)

// globalPragmas are exactly those of PocketBase, see pragmas, with transactions that are immediate.
const globalPragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)" +
	"&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)" + immediate

// Connect opens a file of the global database: use it as core.BaseAppConfig.DBConnect. It differs from
// PocketBase's own function in that queries end with their context, see guardedConn, in that they can be
// metered, see WithMeter, and in that transactions wait for the writes of other processes, see immediate. Like that function, it opens no connection yet.
func Connect(path string) (*dbx.DB, error) {
	return dbx.NewFromDB(sql.OpenDB(pathConnector(path+globalPragmas)), driverName), nil
}

// pathConnector opens connections to one data source name.
type pathConnector string

// Connect implements driver.Connector.
func (c pathConnector) Connect(context.Context) (driver.Conn, error) {
	return openConnection(string(c))
}

// Driver implements driver.Connector.
func (c pathConnector) Driver() driver.Driver { return sqliteDriver }
