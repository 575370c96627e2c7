package transfer

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// syncResult is the result of a sync job.
type syncResult struct {
	Meetings   int  `json:"meetings"` // read, whether or not they have changed
	Added      int  `json:"added"`
	Updated    int  `json:"updated"`
	Unreadable int  `json:"unreadable"` // set aside, by this and earlier syncs
	Withdrawn  int  `json:"withdrawn"`  // found to be no longer listed
	Full       bool `json:"full"`       // whether all meetings were asked for
}

// syncState is how far syncs have come, kept in the connection's field sync. It is saved in the transaction of every
// page, so that an interrupted sync continues where it stopped. A new key starts with the zero value.
type syncState struct {
	Lists string `json:"lists"` // identifies the lists that the passes read

	New  *pass `json:"new,omitempty"`  // the unfinished pass over new meetings
	Full *pass `json:"full,omitempty"` // the unfinished pass over all meetings

	Number      int       `json:"number"` // of passes over all meetings that are complete
	FullStarted time.Time `json:"full_started,omitzero"`
	FullPages   int       `json:"full_pages"` // of the last complete one

	NoHighlights bool `json:"no_highlights,omitempty"` // Fathom refuses to include them

	Job    string     `json:"job,omitempty"` // an unfinished one
	Result syncResult `json:"result"`        // of its earlier runs
}

// pass is one walk over Fathom's lists. It keeps no cursor of a sorted list: those are like page numbers, which shift
// when a meeting appears, and Fathom may forget them.
type pass struct {
	Started time.Time `json:"started"`
	Job     string    `json:"job,omitempty"`    // the only one that continues the pass; blank means any
	After   time.Time `json:"after,omitzero"`   // the oldest creation time of interest
	Newest  time.Time `json:"newest,omitzero"`  // creation time of the newest meeting read
	Pages   int       `json:"pages"`            // read so far
	List    int       `json:"list,omitempty"`   // index of the current list
	Before  time.Time `json:"before,omitzero"`  // creation time of the last meeting read of that list
	Cursor  string    `json:"cursor,omitempty"` // of the list's next page

	Unsorted bool `json:"unsorted,omitempty"` // the list is not sorted by creation time
}

// resume restricts a query to what is left of the current list. It returns the cursor for the first page, blank
// unless the list isn't sorted.
func (p *pass) resume(query *fathom.MeetingQuery) (cursor string) {
	if p.Unsorted {
		return p.Cursor
	}
	if !p.Before.IsZero() {
		query.CreatedBefore = p.Before.Add(time.Second) // others may have been created in the same second
	}
	return ""
}

// advance records that a page has been read. Dates after now are ignored: one would make later syncs skip meetings.
func (p *pass) advance(page fathom.Page[fathom.Meeting], now time.Time) {
	p.Pages++
	for _, meeting := range page.Items {
		if created := meeting.CreatedAt; created.After(p.Newest) && !created.After(now) {
			p.Newest = created
		}
	}
	if !page.HasMore() {
		p.List++
		p.Before, p.Cursor, p.Unsorted = time.Time{}, "", false
		return
	}
	p.Cursor = page.NextCursor
	newestFirst := func(a, b fathom.Meeting) int { return b.CreatedAt.Compare(a.CreatedAt) }
	if !slices.IsSortedFunc(page.Items, newestFirst) {
		p.Unsorted = true
	}
	if n := len(page.Items); n > 0 && !page.Items[n-1].CreatedAt.IsZero() {
		p.Before = page.Items[n-1].CreatedAt
	}
}

// startFull starts a pass over all meetings, for a job that asked for one or, if that is blank, for all jobs.
func (s *syncState) startFull(now time.Time, job string) {
	s.Full, s.FullStarted = &pass{Started: now, Job: job}, now
	s.NoHighlights = false // Fathom may include them by now
}

// listing returns the number that the meetings listed now get.
func (s *syncState) listing() int {
	if s.Full != nil {
		return s.Number + 1
	}
	return s.Number
}

// loadSyncState returns the state in a connection. That of a new key goes on counting the passes.
func loadSyncState(app core.App, connection *core.Record) (state syncState, err error) {
	if raw := connection.GetString("sync"); raw != "" && raw != "null" {
		if err := json.Unmarshal([]byte(raw), &state); err == nil {
			return state, nil
		}
		state = syncState{} // of a later version
	}
	err = app.DB().Select("COALESCE(MAX(listed), 0)").From(schema.Meetings).Row(&state.Number)
	if err != nil {
		return state, fmt.Errorf("count passes: %w", err)
	}
	return state, nil
}

// saveState saves the state, and that all meetings created until newest are known, unless that is zero. It returns
// errKeyReplaced if the connection has another secret than at the start of the run. app may be a transaction. It
// bypasses PocketBase, because clients need not be told.
func (r *syncRun) saveState(app core.App, newest time.Time) error {
	encoded, err := json.Marshal(r.state)
	if err != nil {
		return fmt.Errorf("encode the state of a sync: %w", err)
	}
	upTo, err := types.ParseDateTime(newest)
	if err != nil {
		return fmt.Errorf("encode the time of the newest meeting: %w", err)
	}
	result, err := app.NonconcurrentDB().NewQuery(`UPDATE {{connections}}
		SET [[sync]] = {:sync}, [[synced_up_to]] = MAX([[synced_up_to]], {:up_to})
		WHERE [[id]] = {:id} AND [[secret]] = {:secret}`).Bind(dbx.Params{
		"sync": string(encoded), "up_to": upTo.String(), "id": r.connection.Id, "secret": r.connection.GetString("secret"),
	}).Execute()
	if err != nil {
		return fmt.Errorf("save the state of a sync: %w", err)
	}
	if changed, err := result.RowsAffected(); err != nil || changed == 0 {
		return errKeyReplaced
	}
	return nil
}
