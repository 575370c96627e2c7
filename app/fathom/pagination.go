package fathom

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"strings"
)

// Page is one page of a list. Fathom fixes its size: ten meetings.
type Page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor"` // blank on the last page
	Limit      int    `json:"limit"`       // page size as told, 0 when not
	Malformed  int    `json:"-"`           // items that could not be read and are left out
}

// maxPages bounds a walk: a list that never ends must not hold its caller for
// ever.
const maxPages = 10_000

// UnmarshalJSON leaves single items out that make no sense, rather than lose the
// whole page. One without any that does is an error.
func (p *Page[T]) UnmarshalJSON(data []byte) error {
	var read struct {
		Items      []json.RawMessage `json:"items"`
		NextCursor string            `json:"next_cursor"`
		Limit      int               `json:"limit"`
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	*p = Page[T]{NextCursor: read.NextCursor, Limit: read.Limit}
	var firstErr error
	for _, raw := range read.Items {
		var item T
		if err := json.Unmarshal(raw, &item); err != nil {
			p.Malformed++
			if firstErr == nil {
				firstErr = err
			}
			continue
		}
		p.Items = append(p.Items, item)
	}
	if len(p.Items) == 0 {
		return firstErr
	}
	return nil
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
			if seen[cursor] || len(seen) >= maxPages { // would go round for ever
				yield(zero, &Error{Op: op, Kind: KindInvalidResponse, Detail: "a page cursor repeats, or there are too many pages"})
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
	if page.Malformed > 0 {
		a.client.log.WarnContext(ctx, "items of a list can't be read", "op", c.op, "items", page.Malformed)
	}
	return page, nil
}
