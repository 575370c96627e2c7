package loomupload

import (
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

// The documented names of Loom's operations. Config.Names may add others.
const (
	opCreate      = "createLoomVideoUpload"
	opPublish     = "publishLoomVideo"
	opGet         = "getLoomVideo"
	opList        = "listLoomVideos"
	opTitle       = "updateLoomVideoTitle"
	opPermissions = "updateLoomVideoPermissions"
	opFolders     = "listLoomFolders"
	opMove        = "moveLoomVideoToFolder"
)

// Operations returns the documented names of the operations that this package may call.
func Operations() []string {
	return []string{opCreate, opPublish, opGet, opList, opTitle, opPermissions, opFolders, opMove}
}

// catalog is what an account can do: the operations of Loom with their live schemas, and the site.
type catalog struct {
	operations map[string]atlassian.Operation // by documented name
	site       string                         // for calls
}

// namesOf returns the names under which an operation may be found.
func (u *Uploads) namesOf(documented string) []string {
	if names := u.names[documented]; len(names) > 0 {
		return names
	}
	return []string{documented}
}

// readCatalog keeps what is needed of an account's operations, which are hundreds.
func (u *Uploads) readCatalog(all atlassian.Catalog, site string) catalog {
	c := catalog{operations: map[string]atlassian.Operation{}, site: site}
	for _, documented := range Operations() {
		if operation, ok := all.Find(u.namesOf(documented)...); ok {
			c.operations[documented] = operation
		}
	}
	return c
}

func (c catalog) has(documented string) bool {
	_, ok := c.operations[documented]
	return ok
}

// find returns an operation, or a *[Problem] that says that it is missing.
func (c catalog) find(documented string) (atlassian.Operation, error) {
	operation, ok := c.operations[documented]
	if ok {
		return operation, nil
	}
	group := "read_loom"
	switch documented {
	case opCreate, opPublish, opTitle, opPermissions, opMove:
		group = "write_loom"
	}
	return operation, &Problem{
		Kind: KindBlocked, Message: "Atlassian doesn't offer the operation " + documented + " to your account.",
		Advice: "Ask an organization administrator to open Atlassian Administration, Rovo, Rovo MCP server, and to allow the tool group " + group +
			". Uploads also need the scope write:loom:agent-interface.",
		Link: adminPage,
	}
}

const (
	catalogLife = 10 * time.Minute
	maxCatalogs = 500
)

// catalogs caches the catalogs of accounts, because listing them takes several requests. It is safe for concurrent use;
// the zero value is ready once now is set.
type catalogs struct {
	now func() time.Time

	mu     sync.Mutex
	byName map[string]cachedCatalog
}

type cachedCatalog struct {
	catalog
	until time.Time
}

// cacheKey tells apart accounts and their sites. A blank key isn't cached.
func (a Account) cacheKey() string {
	if a.Key == "" {
		return ""
	}
	return a.Key + "\x00" + a.Site
}

func (c *catalogs) get(key string) (catalog, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cached, ok := c.byName[key]
	return cached.catalog, ok && cached.until.After(c.now())
}

func (c *catalogs) put(key string, value catalog) {
	if key == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byName == nil || len(c.byName) >= maxCatalogs {
		c.byName = map[string]cachedCatalog{}
	}
	c.byName[key] = cachedCatalog{value, c.now().Add(catalogLife)}
}

func (c *catalogs) drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.byName, key)
}
