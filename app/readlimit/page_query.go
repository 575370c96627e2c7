package readlimit

import "strings"

// pageFirst returns a function that rewrites the query for a page of a collection: it determines the page first,
// by row number, and reads the records of the page only. Otherwise, SQLite keeps whole records in memory to sort
// or to group them: those of all pages up to the requested one, of 48 MB each in the worst case. Other queries
// are returned unchanged.
func pageFirst(collection string) func(string) string {
	table := "`" + collection + "`"
	return func(query string) string {
		for _, selects := range []string{"SELECT ", "SELECT DISTINCT "} {
			rest, ok := strings.CutPrefix(query, selects+table+".* FROM "+table)
			if ok && strings.Contains(rest, " LIMIT ") {
				return "SELECT " + table + ".* FROM (" + selects + table + "._rowid_ AS page_row FROM " + table + rest +
					") AS page CROSS JOIN " + table + " ON " + table + "._rowid_ = page.page_row"
			}
		}
		return query
	}
}
