package fathom

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"strings"
)

// Page is one page of a list. Fathom determines its size: ten meetings.
type Page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor"` // blank on the last page
	Malformed  int    `json:"-"`           // number of items left out because they could not be decoded
}

// maxPages limits an iteration over a list that never ends.
const maxPages = 10_000

// UnmarshalJSON leaves out single items that can't be decoded, so that they don't cost the whole page.
// It returns an error when no item can be decoded.
func (p *Page[T]) UnmarshalJSON(data []byte) error {
	var read struct {
		Items      []json.RawMessage `json:"items"`
		NextCursor string            `json:"next_cursor"`
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	*p = Page[T]{NextCursor: read.NextCursor}
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

// HasMore reports whether there is a next page.
func (p Page[T]) HasMore() bool { return strings.TrimSpace(p.NextCursor) != "" }

// allItems iterates over the items of a list, page by page. It stops at the first error, which it yields
// with a zero item. Cursors behave like page numbers: a row that appears during the iteration shifts the
// others, so items may repeat.
func allItems[T any](op string, fetchPage func(cursor string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		seen := map[string]bool{}
		for cursor := ""; ; {
			page, err := fetchPage(cursor)
			if err != nil {
				yield(zero, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if !page.HasMore() {
				return
			}
			cursor = page.NextCursor
			if seen[cursor] || len(seen) >= maxPages {
				yield(zero, &Error{Op: op, Kind: KindInvalidResponse, Detail: "a page cursor repeats, or there are too many pages"})
				return
			}
			seen[cursor] = true
		}
	}
}

func fetchPage[T any](ctx context.Context, a *Account, c call, cursor string) (Page[T], error) {
	c.method = "GET"
	if cursor != "" {
		if c.query == nil {
			c.query = url.Values{}
		}
		c.query.Set("cursor", cursor)
	}
	var page Page[T]
	if err := a.send(ctx, c, &page); err != nil {
		return Page[T]{}, err
	}
	if !page.HasMore() {
		page.NextCursor = ""
	}
	if page.Malformed > 0 {
		a.client.logger.WarnContext(ctx, "left out list items that could not be decoded", "op", c.op, "items", page.Malformed)
	}
	return page, nil
}
