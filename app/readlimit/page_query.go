package readlimit

import "strings"

// pageFirst returns a function that rewrites the query for a page of a collection: it determines the page first,
// by row number, and reads the records of the page only. Otherwise, SQLite keeps whole records in memory to sort
// or to group them: those of all pages up to the requested one, of 48 MB each in the worst case. Other queries
// are returned unchanged: preparing the longer statement takes more than a tenth of a millisecond.
func pageFirst(collection string) func(string) string {
	table := "`" + collection + "`"
	columns := table + ".* FROM " + table
	plain, distinct := "SELECT "+columns, "SELECT DISTINCT "+columns
	return func(query string) string {
		if !strings.Contains(query, " LIMIT ") {
			return query
		}
		if rest, ok := strings.CutPrefix(query, plain); ok && strings.Contains(rest, " ORDER BY ") {
			return pageOf(table, "SELECT ", rest)
		}
		if rest, ok := strings.CutPrefix(query, distinct); ok {
			return pageOf(table, "SELECT DISTINCT ", rest)
		}
		return query
	}
}

func pageOf(table, selects, rest string) string {
	return "SELECT " + table + ".* FROM (" + selects + table + "._rowid_ AS page_row FROM " + table + rest +
		") AS page CROSS JOIN " + table + " ON " + table + "._rowid_ = page.page_row"
}
