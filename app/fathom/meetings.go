package fathom

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// MeetingQuery filters a list of meetings and selects their details. The zero value selects every
// meeting that the key's user recorded or shared, without details. Unless RecordedBy or Teams is set,
// Fathom leaves out calls recorded outside the organization.
// https://developers.fathom.ai/api-reference
type MeetingQuery struct {
	CreatedAfter  time.Time // compared with created_at; zero means no limit
	CreatedBefore time.Time // compared with created_at; zero means no limit

	RecordedBy []string // e-mail addresses, any of which may match
	Teams      []string // team names, any of which may match

	IncludeActionItems bool
	IncludeHighlights  bool
	IncludeSummary     bool // charged to the heavy budget
	IncludeTranscript  bool // charged to the heavy budget
}

// ListMeetings returns one page, newest meeting first. The cursor is blank for the first page and the
// previous page's NextCursor after that.
func (a *Account) ListMeetings(ctx context.Context, q MeetingQuery, cursor string) (Page[Meeting], error) {
	c := call{op: "list meetings", path: "/meetings", query: q.values(), limit: pageBody, values: pageValues}
	if q.IncludeSummary || q.IncludeTranscript {
		c.bucket, c.limit, c.values = bucketHeavy, textPageBody, textPageValues
	}
	return fetchPage[Meeting](ctx, a, c, cursor)
}

// MeetingPages iterates over the pages from a cursor on, newest meeting first, and stops at the first error.
// A blank cursor means the first page. A meeting may repeat when another one appears during the iteration:
// upsert by RecordingID.
func (a *Account) MeetingPages(ctx context.Context, q MeetingQuery, cursor string) iter.Seq2[Page[Meeting], error] {
	return allPages("list meetings", cursor, func(cursor string) (Page[Meeting], error) {
		return a.ListMeetings(ctx, q, cursor)
	})
}

// values leaves out defaults, which Fathom assumes for absent parameters.
func (q MeetingQuery) values() url.Values {
	v := url.Values{}
	setTime := func(name string, t time.Time) {
		if !t.IsZero() {
			v.Set(name, t.UTC().Format(time.RFC3339Nano))
		}
	}
	setList := func(name string, items []string) {
		if len(items) > 0 {
			v[name] = items
		}
	}
	setTrue := func(name string, on bool) {
		if on {
			v.Set(name, "true")
		}
	}
	setTime("created_after", q.CreatedAfter)
	setTime("created_before", q.CreatedBefore)
	setList("recorded_by[]", q.RecordedBy)
	setList("teams[]", q.Teams)
	setTrue("include_action_items", q.IncludeActionItems)
	setTrue("include_highlights", q.IncludeHighlights)
	setTrue("include_summary", q.IncludeSummary)
	setTrue("include_transcript", q.IncludeTranscript)
	return v
}
