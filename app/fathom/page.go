package fathom

import (
	"context"
	"iter"
	"net/url"
	"strings"
)

// Page is one page of a list. Fathom fixes its size: ten meetings.
type Page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor"` // blank on the last page
	Limit      int    `json:"limit"`       // page size as told, 0 when not
}

// More says whether a further page is to be had.
func (p Page[T]) More() bool { return strings.TrimSpace(p.NextCursor) != "" }

// all walks a list page by page. It ends at the first error, which it yields
// with a zero item. Cursors look like page numbers, so a row that appears while
// paging shifts the rest: expect repeats.
func all[T any](op string, list func(cursor string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		seen := map[string]bool{}
		for cursor := ""; ; {
			page, err := list(cursor)
			if err != nil {
				yield(zero, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if !page.More() {
				return
			}
			cursor = page.NextCursor
			if seen[cursor] { // would go round for ever
				yield(zero, &Error{Op: op, Kind: KindInvalidResponse, Detail: "a page cursor repeats"})
				return
			}
			seen[cursor] = true
		}
	}
}

// list fetches one page.
func list[T any](ctx context.Context, a *Account, c call, cursor string) (Page[T], error) {
	c.method = "GET"
	if cursor != "" {
		if c.query == nil {
			c.query = url.Values{}
		}
		c.query.Set("cursor", cursor)
	}
	var page Page[T]
	if err := a.do(ctx, c, &page); err != nil {
		return Page[T]{}, err
	}
	if !page.More() {
		page.NextCursor = ""
	}
	return page, nil
}
