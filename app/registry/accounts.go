package registry

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// NoDatabase is the status of an account whose owner has never signed in, so that it has no database yet.
const NoDatabase Status = "none"

// AccountSort is the order of accounts.
type AccountSort string

// The orders of accounts. Accounts that are equal are in the order of their addresses.
const (
	SortEmail    AccountSort = "email"
	SortLastUsed AccountSort = "last_used" // the latest first
	SortSize     AccountSort = "size"      // on disk and in S3, the largest first
	SortJoined   AccountSort = "joined"    // the latest first
)

var accountOrders = map[AccountSort]string{
	SortEmail:    "email COLLATE NOCASE, name",
	SortLastUsed: "last_used DESC, email COLLATE NOCASE, name",
	SortSize:     "size DESC, email COLLATE NOCASE, name",
	SortJoined:   "joined DESC, email COLLATE NOCASE, name",
}

// IsValid reports whether an order exists.
func (s AccountSort) IsValid() bool { return accountOrders[s] != "" }

// AccountFilter selects accounts. Its zero value selects all of them, by address.
type AccountFilter struct {
	Search string      // part of an address or of the name of a database, in any case, or the id of a user; blank means all
	Status Status      // also NoDatabase; blank means all
	Sort   AccountSort // blank means SortEmail
	Offset int
	Limit  int // 0 means no limit
}

// Account is an account and its database, or a database whose owner's account was deleted.
type Account struct {
	Entry            // its ID is blank if the account has no database
	Joined time.Time // zero if the account was deleted
}

// accountsCTE has a row for each account and each database without one.
const accountsCTE = `WITH accounts AS (
	SELECT u.id AS user, u.email AS email, u.created AS joined, COALESCE(d.id, '') AS id, COALESCE(d.name, '') AS name,
		COALESCE(d.status, '` + string(NoDatabase) + `') AS status, COALESCE(d.size, 0) + COALESCE(d.size_s3, 0) AS size,
		COALESCE(d.last_used, '') AS last_used
	FROM {{` + migrations.Users + `}} u LEFT JOIN {{` + migrations.UserDatabases + `}} d ON d.user = u.id AND d.user != ''
	UNION ALL
	SELECT '', COALESCE(CASE WHEN json_valid(d.owner) THEN json_extract(d.owner, '$.email') END, ''), '', d.id, d.name,
		d.status, d.size + d.size_s3, d.last_used
	FROM {{` + migrations.UserDatabases + `}} d WHERE d.user = ''
) `

// searchWhere is true for all accounts if the pattern is %%.
const searchWhere = `(email LIKE {:pattern} ESCAPE '\' OR name LIKE {:pattern} ESCAPE '\' OR (user != '' AND user = {:id}))`

// pattern returns what searchWhere compares with.
func (f AccountFilter) pattern() string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Search) + "%"
}

// Accounts lists the selected accounts, also those whose databases are on other servers: operators look for people, wherever
// their files are. Its cost doesn't depend on the size of the databases.
func (r *Registry) Accounts(ctx context.Context, filter AccountFilter) ([]Account, error) {
	limit := cmp.Or(filter.Limit, -1)
	order := accountOrders[cmp.Or(filter.Sort, SortEmail)]
	var rows []row
	err := r.app.ConcurrentDB().NewQuery(accountsCTE + `SELECT a.joined, a.email, a.id, a.user, a.name, a.status,
			COALESCE(d.schema_version, '') AS schema_version, COALESCE(d.port, 0) AS port, COALESCE(d.size, 0) AS size,
			COALESCE(d.size_s3, 0) AS size_s3, COALESCE(d.error, '') AS error, d.owner, COALESCE(d.cell, '') AS cell, COALESCE(d.created, '') AS created,
			a.last_used, d.maintained_at, d.archived_at, d.delete_after, d.purge_started, d.sessions_until
		FROM (SELECT * FROM accounts WHERE ({:status} = '' OR status = {:status}) AND ` + searchWhere + `
			ORDER BY ` + order + ` LIMIT {:limit} OFFSET {:offset}) a
		LEFT JOIN {{` + migrations.UserDatabases + `}} d ON d.id = a.id AND a.id != ''`).
		Bind(dbx.Params{"status": string(filter.Status), "pattern": filter.pattern(), "id": filter.Search, "limit": limit, "offset": filter.Offset}).
		WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	found := make([]Account, len(rows))
	for i, row := range rows {
		found[i] = Account{Entry: row.entry(), Joined: row.Joined.Time()}
	}
	return found, nil
}

// CountAccounts counts the accounts that a search finds, by status. It includes NoDatabase.
func (r *Registry) CountAccounts(ctx context.Context, search string) (map[Status]int, error) {
	var rows []struct {
		Status string `db:"status"`
		Count  int    `db:"count"`
	}
	err := r.app.ConcurrentDB().NewQuery(accountsCTE + "SELECT status, COUNT(*) AS count FROM accounts WHERE " + searchWhere + " GROUP BY status").
		Bind(dbx.Params{"pattern": AccountFilter{Search: search}.pattern(), "id": search}).WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("count accounts: %w", err)
	}
	counts := map[Status]int{}
	for _, row := range rows {
		counts[Status(row.Status)] = row.Count
	}
	return counts, nil
}
