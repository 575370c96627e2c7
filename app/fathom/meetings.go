package fathom

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// MeetingQuery narrows a list of meetings and says what comes along; the zero
// value asks for everything the key's user recorded or shares. Without RecordedBy
// or Teams, Fathom leaves out calls recorded outside the organisation.
// https://developers.fathom.ai/api-reference
type MeetingQuery struct {
	CreatedAfter  time.Time // compared with created_at; zero is no bound
	CreatedBefore time.Time

	RecordedBy     []string // e-mail addresses, any of them
	Teams          []string // team names, any of them
	MeetingType    string   // a name from MeetingTypes; an unknown one matches nothing
	InviteeDomains []string // exact company domains, any of them
	DomainsType    string   // all, only_internal, one_or_more_external

	IncludeActionItems bool
	IncludeCRMMatches  bool
	IncludeHighlights  bool
	IncludeSummary     bool // charged to the heavy budget
	IncludeTranscript  bool // charged to the heavy budget
}

// ListMeetings returns one page, newest first; cursor is blank for the first and
// the last page's NextCursor afterwards.
func (a *Account) ListMeetings(ctx context.Context, q MeetingQuery, cursor string) (Page[Meeting], error) {
	c := call{op: "list meetings", path: "/meetings", query: q.values(), limit: largeBody}
	if q.IncludeSummary || q.IncludeTranscript {
		c.bucket = bucketHeavy
	}
	return list[Meeting](ctx, a, c, cursor)
}

// Meetings walks all pages, newest first. A meeting may come twice when another
// appears meanwhile: upsert by RecordingID. It ends at the first error.
func (a *Account) Meetings(ctx context.Context, q MeetingQuery) iter.Seq2[Meeting, error] {
	return all("list meetings", func(cursor string) (Page[Meeting], error) {
		return a.ListMeetings(ctx, q, cursor)
	})
}

// values leaves defaults out: Fathom treats absent as default.
func (q MeetingQuery) values() url.Values {
	v := url.Values{}
	setTime := func(name string, t time.Time) {
		if !t.IsZero() {
			v.Set(name, t.UTC().Format(time.RFC3339Nano))
		}
	}
	setTrue := func(name string, on bool) {
		if on {
			v.Set(name, "true")
		}
	}
	setTime("created_after", q.CreatedAfter)
	setTime("created_before", q.CreatedBefore)
	setText(v, "meeting_type", q.MeetingType)
	setText(v, "calendar_invitees_domains_type", q.DomainsType)
	setList(v, "recorded_by[]", q.RecordedBy)
	setList(v, "teams[]", q.Teams)
	setList(v, "calendar_invitees_domains[]", q.InviteeDomains)
	setTrue("include_action_items", q.IncludeActionItems)
	setTrue("include_crm_matches", q.IncludeCRMMatches)
	setTrue("include_highlights", q.IncludeHighlights)
	setTrue("include_summary", q.IncludeSummary)
	setTrue("include_transcript", q.IncludeTranscript)
	return v
}

func setText(v url.Values, name, text string) {
	if text != "" {
		v.Set(name, text)
	}
}

func setList(v url.Values, name string, items []string) {
	if len(items) > 0 {
		v[name] = items
	}
}
