package hooks

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const (
	accountsPerPage = 50
	maxAccountsPage = 1_000_000
	maxAccountQuery = 255 // bytes
	accountsTimeout = 10 * time.Second

	// changeWait is how long a request waits for a database to be archived or restored. Proxies give up after a minute.
	changeWait = 20 * time.Second
)

// bindOperatorUsers adds the routes of the page "Users" of the admin UI.
func (h handlers) bindOperatorUsers() {
	h.onServe("operatorUsers", func(e *core.ServeEvent) error {
		routes := e.Router.Group("/api/operator").Bind(apis.RequireSuperuserAuth())
		routes.GET("/users", h.listAccounts)
		routes.GET("/databases/{name}", h.describeDatabase)
		routes.POST("/databases/{name}/archive", h.changeDatabase(h.archiveDatabase))
		routes.POST("/databases/{name}/restore", h.changeDatabase(h.restoreDatabase))
		return nil
	})
}

// listAccounts responds with a page of accounts. The query may contain search, status, sort and page.
func (h handlers) listAccounts(e *core.RequestEvent) error {
	query := e.Request.URL.Query()
	page, err := strconv.Atoi(query.Get("page"))
	if err != nil || page < 1 {
		page = 1
	}
	page = min(page, maxAccountsPage)
	filter := registry.AccountFilter{
		Search: strings.TrimSpace(query.Get("search")), Status: registry.Status(query.Get("status")),
		Sort: registry.AccountSort(query.Get("sort")), Offset: (page - 1) * accountsPerPage, Limit: accountsPerPage,
	}
	if len(filter.Search) > maxAccountQuery {
		return e.BadRequestError("Search for less text.", nil)
	}
	if filter.Sort != "" && !filter.Sort.IsValid() {
		return e.BadRequestError("Sort by email, last_used, size or joined.", nil)
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), accountsTimeout)
	defer cancel()
	accounts, err := h.Databases.Accounts(ctx, filter)
	if err != nil {
		return e.InternalServerError("", err)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, struct {
		userdb.Accounts
		Page    int `json:"page"`
		PerPage int `json:"per_page"`
	}{accounts, page, accountsPerPage})
}

// isOnAnotherServer is why this server neither measures nor changes a database.
const isOnAnotherServer = "The database is on another server. Use that one."

// describeDatabase responds with the details of one database, which it measures, and how much it contains, unless it is
// archived or can't be read.
func (h handlers) describeDatabase(e *core.RequestEvent) error {
	ctx, cancel := context.WithTimeout(e.Request.Context(), accountsTimeout)
	defer cancel()
	name := e.Request.PathValue("name")
	if !registry.ValidName(name) { // Show accepts addresses, too
		return e.NotFoundError("", nil)
	}
	details, err := h.Databases.Show(ctx, name)
	if errors.Is(err, registry.ErrNotFound) {
		return e.NotFoundError("", err)
	}
	if errors.Is(err, registry.ErrElsewhere) {
		return e.Error(http.StatusConflict, isOnAnotherServer, err)
	}
	if err != nil {
		return e.InternalServerError("", err)
	}
	response := struct {
		userdb.Details
		Contents *userdb.Contents `json:"contents,omitempty"`
	}{Details: details}
	if details.Status == registry.StatusReady {
		if contents, err := h.Databases.Contents(ctx, name); err == nil { // otherwise the files say why, in details.Error
			response.Contents = &contents
		}
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, response)
}

func (h handlers) archiveDatabase(ctx context.Context, name string) error {
	return h.Databases.ArchiveWithin(ctx, changeWait, name)
}

func (h handlers) restoreDatabase(ctx context.Context, name string) error {
	return h.Databases.RestoreWithin(ctx, changeWait, name)
}

// changeDatabase responds with 204 when a change is done, and with 202 while it continues. The owner's activity says who has
// made it.
func (h handlers) changeDatabase(change func(ctx context.Context, name string) error) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		name := e.Request.PathValue("name")
		err := change(e.Request.Context(), name)
		_, full := errors.AsType[*ledger.DiskError](err)
		switch {
		case err == nil:
			return e.NoContent(http.StatusNoContent)
		case errors.Is(err, userdb.ErrContinues):
			return e.NoContent(http.StatusAccepted)
		case errors.Is(err, registry.ErrNotFound):
			return e.NotFoundError("There is no such database.", err)
		case errors.Is(err, registry.ErrElsewhere):
			return e.Error(http.StatusConflict, isOnAnotherServer, err)
		case errors.Is(err, userdb.ErrInUse):
			return e.Error(http.StatusConflict, "The database is in use. Wait for its jobs, or cancel them, and try again.", err)
		case full:
			return e.Error(http.StatusInsufficientStorage, "The disk is too full for that: "+err.Error(), err)
		}
		h.Log.WarnContext(e.Request.Context(), "failed to change user database", "database", name, "error", err)
		return e.BadRequestError(registry.ErrorText(err), nil)
	}
}
