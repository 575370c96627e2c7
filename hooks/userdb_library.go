package hooks

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/library"
)

// libraryPage is a window of the library, with what is counted unless the request does without it.
type libraryPage struct {
	*library.Overview
	Offset int            `json:"offset"`
	Items  []library.Item `json:"items"`
}

// showLibrary responds with a window of the meetings that match the filters, and with how many there are.
func (h handlers) showLibrary(e *core.RequestEvent) error {
	params := e.Request.URL.Query()
	if params.Has("recording_ids") {
		return h.showMeetings(e, params.Get("recording_ids"))
	}
	filter, err := libraryFilter(params)
	if err != nil {
		return libraryError(e, err)
	}
	order := library.Newest
	if text := params.Get("sort"); text != "" {
		order = library.Sort(text)
	}
	if !order.IsValid() {
		return refuseParam(e, "sort", "Sort by newest, oldest, title, longest or largest.")
	}
	page := libraryPage{Items: []library.Item{}}
	if page.Offset, err = pageParam(params.Get("offset"), 0, 0, library.MaxOffset); err != nil {
		return refuseParam(e, "offset", "The offset must be a number from 0 to "+strconv.Itoa(library.MaxOffset)+".")
	}
	limit, err := pageParam(params.Get("limit"), library.DefaultItems, 0, library.MaxItems)
	if err != nil {
		return refuseParam(e, "limit", "Ask for 0 to "+strconv.Itoa(library.MaxItems)+" meetings.")
	}
	err = h.readLibrary(e, func(ctx context.Context) (err error) {
		db := e.App.ConcurrentDB()
		if params.Get("counts") != "false" {
			overview, err := library.Count(ctx, db, filter, order)
			if err != nil {
				return err
			}
			page.Overview = &overview
		}
		if limit > 0 {
			page.Items, err = library.Window(ctx, db, filter, order, page.Offset, limit)
		}
		return err
	})
	if err != nil {
		return libraryError(e, err)
	}
	return e.JSON(http.StatusOK, page)
}

// showMeetings responds with the meetings of a list of recording ids. Those that don't exist are left out.
func (h handlers) showMeetings(e *core.RequestEvent, list string) error {
	var ids []int64
	for text := range strings.SplitSeq(list, ",") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || len(ids) == library.MaxItems {
			return refuseParam(e, "recording_ids", "Ask for up to "+strconv.Itoa(library.MaxItems)+" recording ids, with commas between them.")
		}
		ids = append(ids, id)
	}
	page := libraryPage{}
	err := h.readLibrary(e, func(ctx context.Context) (err error) {
		page.Items, err = library.Find(ctx, e.App.ConcurrentDB(), ids)
		return err
	})
	if err != nil {
		return libraryError(e, err)
	}
	return e.JSON(http.StatusOK, page)
}

// readLibrary limits what a read may cost, as requests for records are limited.
func (h handlers) readLibrary(e *core.RequestEvent, read func(ctx context.Context) error) (err error) {
	ctx, end := h.Gateway.BoundReads(e)
	defer func() { err = end(err) }() // also after a panic
	return read(ctx)
}

// libraryFilter reads the parameters of a filter. Its errors are *library.FilterError.
func libraryFilter(params url.Values) (filter library.Filter, err error) {
	filter = library.Filter{
		State: library.State(params.Get("state")), From: params.Get("from"), To: params.Get("to"), TimeZone: params.Get("tz"),
		Person: params.Get("person"), Type: params.Get("type"), Title: params.Get("title"),
	}
	for name, minutes := range map[string]*float64{"min_minutes": &filter.MinMinutes, "max_minutes": &filter.MaxMinutes} {
		text := params.Get(name)
		if text == "" {
			continue
		}
		if *minutes, err = strconv.ParseFloat(text, 64); err != nil {
			return filter, &library.FilterError{Param: name, Message: "A length must be a number of minutes."}
		}
	}
	return filter, filter.Check()
}

// libraryError translates an error of package library.
func libraryError(e *core.RequestEvent, err error) error {
	if refusal, ok := errors.AsType[*library.FilterError](err); ok {
		return e.BadRequestError(refusal.Message, validation.Errors{refusal.Param: validation.NewError("validation_library", refusal.Message)})
	}
	return selectionError(e, err)
}

// selectFromLibrary returns the recording ids of the meetings that a filter selects, newest first, without some.
func (h handlers) selectFromLibrary(e *core.RequestEvent, filter library.Filter, except []int64) (ids []int64, err error) {
	err = h.readLibrary(e, func(ctx context.Context) (err error) {
		ids, err = library.Select(ctx, e.App.ConcurrentDB(), filter, except)
		return err
	})
	if err != nil {
		return nil, libraryError(e, err)
	}
	return ids, nil
}
