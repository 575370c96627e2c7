package fathom

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
)

// Page is one page of a list. Fathom determines its size: ten meetings.
type Page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor"` // blank on the last page

	Unreadable []Unreadable `json:"-"` // the items that could not be decoded
}

// Unreadable is an item of a list that could not be decoded.
type Unreadable struct {
	Raw json.RawMessage // as received
	Err error
}

// MaxPages limits an iteration over a list that never ends.
const MaxPages = 10_000

// decodeStream sets single items aside that can't be decoded, so that they don't cost the whole page. It returns an
// error if none of the items is an object.
func (p *Page[T]) decodeStream(decoder *json.Decoder) error {
	*p = Page[T]{}
	err := decodeObject(decoder, map[string]func() error{
		"next_cursor": func() error { return decoder.Decode(&p.NextCursor) },
		"items": func() error {
			return decodeArray(decoder, func() error {
				if len(p.Items)+len(p.Unreadable) >= maxPageItems {
					return fmt.Errorf("page has more than %d items", maxPageItems)
				}
				var raw json.RawMessage
				if err := decoder.Decode(&raw); err != nil {
					return err
				}
				var item T
				if err := json.Unmarshal(raw, &item); err != nil {
					p.Unreadable = append(p.Unreadable, Unreadable{raw, err})
					return nil
				}
				p.Items = append(p.Items, item)
				return nil
			})
		},
	})
	if err == nil && len(p.NextCursor) > maxCursor {
		err = fmt.Errorf("cursor is longer than %d bytes", maxCursor)
	}
	if err == nil && len(p.Items) == 0 && len(p.Unreadable) > 0 && !slices.ContainsFunc(p.Unreadable, Unreadable.isObject) {
		err = p.Unreadable[0].Err
	}
	return err
}

func (u Unreadable) isObject() bool { return bytes.HasPrefix(u.Raw, []byte("{")) }

// HasMore reports whether there is a next page.
func (p Page[T]) HasMore() bool { return strings.TrimSpace(p.NextCursor) != "" }

// allPages iterates over the pages of a list from a cursor on. It stops at the first error, which it yields
// with a zero page. Cursors behave like page numbers: a row that appears during the iteration shifts the
// others, so items may repeat.
func allPages[T any](op, cursor string, fetchPage func(cursor string) (Page[T], error)) iter.Seq2[Page[T], error] {
	return func(yield func(Page[T], error) bool) {
		seen := map[string]bool{}
		for {
			page, err := fetchPage(cursor)
			if err != nil {
				yield(Page[T]{}, err)
				return
			}
			if !yield(page, nil) || !page.HasMore() {
				return
			}
			cursor = page.NextCursor
			if seen[cursor] || len(seen) >= MaxPages {
				yield(Page[T]{}, &Error{Op: op, Kind: KindInvalidResponse, Detail: "a page cursor repeats, or there are too many pages"})
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
	return page, nil
}
