package inspect

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// includes are the parts of meetings that GET /meetings adds on request, by the name of their field.
// https://developers.fathom.ai/api-reference
var includes = map[string]string{
	"include_action_items": "action_items", "include_highlights": "highlights",
	"include_summary": "default_summary", "include_transcript": "transcript",
}

// askDirectory checks the key and asks for the lists that aren't meetings.
func (p *probe) askDirectory(ctx context.Context) error {
	teams, err := p.get(ctx, "/teams", nil)
	switch {
	case err != nil:
		return err
	case teams.status == 0:
		return ErrNoAnswer
	case teams.status == http.StatusUnauthorized:
		return ErrKeyRefused
	}
	for _, path := range []string{"/meeting_types", "/team_members", "/users"} {
		list, err := p.get(ctx, path, nil)
		if err != nil {
			return err
		}
		p.answer("GET "+path, "status %d, %d items on the first page", list.status, len(list.items()))
	}
	return nil
}

// askMeetings lists meetings in several ways.
func (p *probe) askMeetings(ctx context.Context) error {
	first, err := p.get(ctx, "/meetings", nil)
	if err != nil {
		return err
	}
	if items := first.items(); len(items) > 0 {
		p.newest, _ = items[0]["recording_id"].(json.Number)
	}
	p.answer("Meetings on a page", "%d, limit %v", len(first.items()), first.field("limit"))
	if cursor, ok := first.field("next_cursor").(string); ok && strings.TrimSpace(cursor) != "" {
		if _, err := p.get(ctx, "/meetings", url.Values{"cursor": {cursor}}); err != nil {
			return err
		}
	}
	bad, err := p.get(ctx, "/meetings", url.Values{"cursor": {"not-a-cursor"}})
	if err != nil {
		return err
	}
	p.answer("An invalid cursor", "status %d, %s", bad.status, shapeOf(bad))
	p.answerAboutParts(first)
	if err := p.askIncludes(ctx); err != nil {
		return err
	}
	return p.askBoundaries(ctx, first)
}

// askIncludes asks for all parts of meetings, and for fewer if Fathom refuses that.
func (p *probe) askIncludes(ctx context.Context) error {
	query := url.Values{}
	for name := range includes {
		query.Set(name, "true")
	}
	for _, without := range []string{"", "include_highlights", "include_transcript", "include_summary"} {
		query.Del(without)
		list, err := p.get(ctx, "/meetings", query)
		if err != nil {
			return err
		}
		if list.status != http.StatusBadRequest {
			p.answer("Parts with a list", "status %d for %s", list.status, strings.Join(sortedKeys(query), ", "))
			return nil
		}
	}
	p.answer("Parts with a list", "status 400 for every combination")
	return nil
}

// answerAboutParts tells whether parts that were not requested are null or absent.
func (p *probe) answerAboutParts(list response) {
	for _, include := range sortedKeys(includes) {
		field := includes[include]
		seen := map[string]int{}
		for _, item := range list.items() {
			value, present := item[field]
			switch {
			case !present:
				seen["absent"]++
			case value == nil:
				seen["null"]++
			default:
				seen["present"]++
			}
		}
		p.answer(field+" without "+include, "%s", counts(seen))
	}
}

// askBoundaries tells how meetings are ordered, and whether the limits on created_at include their own moment.
func (p *probe) askBoundaries(ctx context.Context, list response) error {
	items := list.items()
	var dates []time.Time
	for _, item := range items {
		text, _ := item["created_at"].(string)
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			dates = append(dates, at)
		}
	}
	if len(dates) < 2 || len(dates) < len(items) {
		p.answer("Order of meetings", "unknown: %d dates of %d meetings could be read", len(dates), len(items))
		return nil
	}
	newestFirst := slices.IsSortedFunc(dates, func(a, b time.Time) int { return b.Compare(a) })
	p.answer("Meetings are listed newest first", "%t", newestFirst)
	for _, name := range []string{"created_after", "created_before"} {
		got, err := p.get(ctx, "/meetings", url.Values{name: {items[1]["created_at"].(string)}})
		if err != nil {
			return err
		}
		included := slices.ContainsFunc(got.items(), func(item map[string]any) bool {
			return item["recording_id"] == items[1]["recording_id"]
		})
		p.answer(name+" includes the moment itself", "%t", included)
	}
	return nil
}

// askTexts asks for the texts of the newest meeting, and of a recording that doesn't exist.
func (p *probe) askTexts(ctx context.Context) error {
	if p.newest != "" {
		for _, part := range []string{"summary", "transcript"} {
			got, err := p.get(ctx, fmt.Sprintf("/recordings/%s/%s", p.newest, part), nil)
			if err != nil {
				return err
			}
			p.answer("The "+part+" of the newest meeting", "status %d, %s", got.status, shapeOf(got))
		}
	}
	got, err := p.get(ctx, "/recordings/1/summary", nil)
	if err != nil {
		return err
	}
	p.answer("An unknown recording", "status %d, %s", got.status, shapeOf(got))
	return nil
}

func (p *probe) get(ctx context.Context, path string, query url.Values) (response, error) {
	return p.send(ctx, request{method: http.MethodGet, path: path, query: query})
}
