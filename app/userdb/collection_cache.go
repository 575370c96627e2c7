package userdb

import (
	"fmt"
	"strings"
	"sync"

	"github.com/pocketbase/pocketbase/core"
)

// maxCachedCollections limits the cache. One schema version has about a dozen collections.
const maxCachedCollections = 1000

// collectionCache shares decoded collections between databases. All databases have the same schema
// except for the signing secrets, and decoding it would take more time and memory than the rest of
// opening a database. PocketBase never changes a cached collection, so any number of apps may use the
// same one. Safe for concurrent use.
type collectionCache struct {
	mu      sync.RWMutex
	byKey   map[string]*core.Collection // the keys come from collectionRow.key
	layouts map[string]secretLayout     // the latest one of each auth collection, by its id
}

func newCollectionCache() *collectionCache {
	return &collectionCache{byKey: map[string]*core.Collection{}, layouts: map[string]secretLayout{}}
}

// collectionRow is a row of PocketBase's _collections table.
type collectionRow struct {
	ID         string  `db:"id"`
	System     bool    `db:"system"`
	Type       string  `db:"type"`
	Name       string  `db:"name"`
	Fields     string  `db:"fields"`
	Indexes    string  `db:"indexes"`
	ListRule   *string `db:"listRule"`
	ViewRule   *string `db:"viewRule"`
	CreateRule *string `db:"createRule"`
	UpdateRule *string `db:"updateRule"`
	DeleteRule *string `db:"deleteRule"`
	Options    string  `db:"options"`
}

// load puts the collections of a bootstrapped app where PocketBase caches them.
func (c *collectionCache) load(app core.App) error {
	var rows []collectionRow
	err := app.ConcurrentDB().
		Select("id", "system", "type", "name", "fields", "indexes",
			"listRule", "viewRule", "createRule", "updateRule", "deleteRule", "options").
		From("_collections").OrderBy("rowid ASC").All(&rows)
	if err != nil {
		return fmt.Errorf("read collections: %w", err)
	}
	loaded := make([]*core.Collection, len(rows))
	for i, row := range rows {
		if loaded[i], err = c.collection(app, row); err != nil {
			return fmt.Errorf("load collection %s: %w", row.Name, err)
		}
	}
	app.Store().Set(core.StoreKeyCachedCollections, loaded)
	// SQLite would keep the pages of these rows, half of the memory of an open database. Nothing reads them again.
	if _, err := app.ConcurrentDB().NewQuery("PRAGMA shrink_memory").Execute(); err != nil {
		return fmt.Errorf("free the memory of the collections' rows: %w", err)
	}
	return nil
}

// collection returns the decoded collection of a row. For an auth collection, it is a copy of the
// shared one with the secrets of the row.
func (c *collectionCache) collection(app core.App, row collectionRow) (*core.Collection, error) {
	if row.Type != core.CollectionTypeAuth {
		return c.shared(app, row, row.key(row.Options))
	}
	secrets, withoutSecrets, err := c.secrets(row)
	if err != nil {
		return nil, err
	}
	shared, err := c.shared(app, row, row.key(withoutSecrets))
	if err != nil {
		return nil, err
	}
	collection := *shared
	setSecrets(&collection, secrets)
	return &collection, nil
}

// secrets returns the signing secrets of an auth collection, and its options without them.
func (c *collectionCache) secrets(row collectionRow) (secrets []string, withoutSecrets string, err error) {
	c.mu.RLock()
	layout := c.layouts[row.ID]
	c.mu.RUnlock()
	if secrets, ok := layout.find(row.Options); ok {
		return secrets, layout.withoutSecrets(), nil
	}
	parsed, err := parseSigningSecrets(row.ID, row.Name, row.Options)
	if err != nil {
		return nil, "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.layouts) >= maxCachedCollections {
		clear(c.layouts)
	}
	c.layouts[row.ID] = parsed.layout()
	return parsed.secrets, parsed.withoutSecrets(), nil
}

// shared returns the collection that is cached under the key, and decodes the row if there is none. The
// secrets of a shared auth collection are empty.
func (c *collectionCache) shared(app core.App, row collectionRow, key string) (*core.Collection, error) {
	c.mu.RLock()
	cached := c.byKey[key]
	c.mu.RUnlock()
	if cached != nil {
		return cached, nil
	}
	decoded, err := app.FindCollectionByNameOrId(row.ID)
	if err != nil {
		return nil, err
	}
	decoded.RawOptions = nil // no longer needed, and contains the secrets of one database
	if decoded.IsAuth() {
		for _, option := range tokenOptions {
			option.config(decoded).Secret = ""
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.byKey) >= maxCachedCollections {
		clear(c.byKey)
	}
	c.byKey[key] = decoded
	return decoded, nil
}

// key returns a cache key: rows with equal keys decode to the same collection. The given options, which
// contain no secrets, replace those of the row.
func (row collectionRow) key(options string) string {
	rule := func(r *string) string {
		if r == nil {
			return "none"
		}
		return "=" + *r
	}
	return strings.Join([]string{
		row.ID, fmt.Sprint(row.System), row.Type, row.Name, row.Fields, row.Indexes, rule(row.ListRule), rule(row.ViewRule),
		rule(row.CreateRule), rule(row.UpdateRule), rule(row.DeleteRule), options,
	}, "\x00")
}
