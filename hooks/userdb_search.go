package hooks

import (
	"errors"
	"net/http"
	"strconv"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/search"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// bindSearch tells the search when there is something to index. What bypasses these hooks waits for the next change or
// search.
func (d databaseHandlers) bindSearch() {
	app := d.db.App
	bind(app.OnRecordAfterCreateSuccess(schema.Meetings, schema.Transcripts), "indexForSearch", d.searchedChanged)
	bind(app.OnRecordAfterUpdateSuccess(schema.Meetings, schema.Transcripts), "indexForSearch", d.searchedChanged)
	bind(app.OnRecordAfterDeleteSuccess(schema.Meetings, schema.Transcripts), "indexForSearch", d.searchedChanged)
}

func (d databaseHandlers) searchedChanged(e *core.RecordEvent) error {
	d.Search.Changed(d.db)
	return e.Next()
}

// search responds with a page of the recordings that match a query, the best first.
func (h handlers) search(e *core.RequestEvent) error {
	params := e.Request.URL.Query()
	query, err := search.Parse(params.Get("q"))
	if err != nil {
		return searchError(e, err)
	}
	request := search.Request{Query: query}
	if request.Limit, err = pageParam(params.Get("limit"), search.DefaultLimit, 1, search.MaxLimit); err != nil {
		return refuseParam(e, "limit", "Ask for 1 to "+strconv.Itoa(search.MaxLimit)+" results.")
	}
	if request.Offset, err = pageParam(params.Get("offset"), 0, 0, search.MaxOffset); err != nil {
		return refuseParam(e, "offset", "The offset must be a number from 0 to "+strconv.Itoa(search.MaxOffset)+".")
	}
	result, err := h.Search.Search(e.Request.Context(), gateway.DatabaseOf(e), request)
	if err != nil {
		return searchError(e, err)
	}
	return e.JSON(http.StatusOK, result)
}

// searchError translates an error of package search.
func searchError(e *core.RequestEvent, err error) error {
	if refusal, ok := errors.AsType[*search.QueryError](err); ok {
		return refuseParam(e, "q", refusal.Error())
	}
	return e.InternalServerError("", err)
}

func refuseParam(e *core.RequestEvent, name, message string) error {
	return e.BadRequestError(message, validation.Errors{name: validation.NewError("validation_search", message)})
}

// pageParam reads a number within limits. Without a text, it returns the default.
func pageParam(text string, byDefault, least, most int) (int, error) {
	if text == "" {
		return byDefault, nil
	}
	value, err := strconv.Atoi(text)
	if err == nil && (value < least || value > most) {
		err = strconv.ErrRange
	}
	return value, err
}
