package readlimit

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	"github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// defaultPageSize is the maximum number of records in a page of a collection that pageSizes doesn't contain.
const defaultPageSize = 200

// pageSizes are the maximum numbers of records in a page, by the size of the records. A transcript may have
// 48 MB; half a megabyte is usual.
var pageSizes = map[string]int{
	userdb.Transcripts:     5,
	userdb.Meetings:        100,
	userdb.Transfers:       500,
	migrations.GlobalQueue: 500,
}

// relations are the collections that relation fields refer to, by the name of the field.
var relations = map[string]string{"meeting": userdb.Meetings, "user": migrations.Users}

// maxPageSize returns the maximum number of records in a page of a collection, given by name or id. If
// relations are expanded, the collection with the largest records determines it.
func maxPageSize(app core.App, collection, expand string) int {
	size := sizeOf(app, collection)
	for _, field := range strings.FieldsFunc(expand, func(r rune) bool { return strings.ContainsRune(",. ", r) }) {
		// A back-relation is written as collection_via_field or, in the old syntax, collection(field).
		other, _, isBack := strings.Cut(strings.Replace(field, "(", "_via_", 1), "_via_")
		if !isBack {
			other = relations[field]
		}
		size = min(size, sizeOf(app, other))
	}
	return size
}

// sizeOf returns the maximum page size of one collection. That of an unknown collection is the smallest.
func sizeOf(app core.App, nameOrID string) int {
	collection, err := app.FindCachedCollectionByNameOrId(nameOrID)
	if err != nil {
		return pageSizes[userdb.Transcripts]
	}
	if size, ok := pageSizes[collection.Name]; ok {
		return size
	}
	return defaultPageSize
}
