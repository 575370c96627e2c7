package userdb

import (
	"fmt"
	"strings"
	"sync"

	"github.com/pocketbase/pocketbase/core"
)

// maxShared bounds how many different collections are kept: a few schema
// versions have some hundred.
const maxShared = 1000

// collections are the decoded collections that databases have in common. The
// schema of all of them is the same but for the signing secrets, and decoding it
// would take longer, and more memory, than all else that opening does. PocketBase
// never changes a cached collection, so that any number of apps may have one.
type collections struct {
	mu    sync.RWMutex
	byRow map[string]*core.Collection // by their row, without secrets and dates
}

func newCollections() *collections { return &collections{byRow: map[string]*core.Collection{}} }

// collectionRow is a row of _collections as it is stored.
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

// load gives a bootstrapped app its collections.
func (c *collections) load(app core.App) error {
	var rows []collectionRow
	err := app.ConcurrentDB().Select("id", "system", "type", "name", "fields", "indexes", "listRule", "viewRule", "createRule",
		"updateRule", "deleteRule", "options").From("_collections").OrderBy("rowid ASC").All(&rows)
	if err != nil {
		return fmt.Errorf("read the collections: %w", err)
	}
	loaded := make([]*core.Collection, len(rows))
	for i, row := range rows {
		if loaded[i], err = c.collection(app, row); err != nil {
			return fmt.Errorf("load collection %s: %w", row.Name, err)
		}
	}
	app.Store().Set(core.StoreKeyCachedCollections, loaded)
	return nil
}

func (c *collections) collection(app core.App, row collectionRow) (*core.Collection, error) {
	if row.Type != core.CollectionTypeAuth {
		return c.shared(app, row, row.key(row.Options))
	}
	own, err := newSecretOptions(row.ID, row.Name, row.Options)
	if err != nil {
		return nil, err
	}
	shared, err := c.shared(app, row, row.key(own.blank()))
	if err != nil {
		return nil, err
	}
	collection := *shared
	own.give(&collection)
	return &collection, nil
}

// shared returns the collection of a row, decoded the first time it is met.
func (c *collections) shared(app core.App, row collectionRow, key string) (*core.Collection, error) {
	c.mu.RLock()
	known := c.byRow[key]
	c.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	decoded, err := app.FindCollectionByNameOrId(row.ID)
	if err != nil {
		return nil, err
	}
	decoded.RawOptions = nil // they are decoded, and the secrets in them are one database's
	if decoded.IsAuth() {
		for _, option := range tokenOptions {
			option.of(decoded).Secret = ""
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.byRow) >= maxShared {
		clear(c.byRow)
	}
	c.byRow[key] = decoded
	return decoded, nil
}

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
