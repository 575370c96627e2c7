package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
)

// maxListFilter limits the values of a filter in one request, whose URL must not become too long.
const maxListFilter = 20

// wantedLists returns the lists that contain the user's meetings. Fathom leaves calls recorded by people outside the
// user's organization out of all lists but those of teams and people.
func (r *syncRun) wantedLists(ctx context.Context) ([]fathom.MeetingQuery, error) {
	lists := []fathom.MeetingQuery{{}}
	others := preferences.SyncOthers(r.db.App)
	if !others.Enabled {
		return lists, nil
	}
	if len(others.Teams)+len(others.People) == 0 {
		var err error
		if others.Teams, err = r.account.Teams(ctx); err != nil && !isMissing(err) {
			return nil, err
		}
		slices.Sort(others.Teams)
	}
	for teams := range slices.Chunk(others.Teams, maxListFilter) {
		lists = append(lists, fathom.MeetingQuery{Teams: teams})
	}
	for people := range slices.Chunk(others.People, maxListFilter) {
		lists = append(lists, fathom.MeetingQuery{RecordedBy: people})
	}
	return lists, nil
}

// useLists starts over if the passes have read other lists. Meetings that the new lists don't contain aren't
// withdrawn, so it forgets that any were listed.
func (r *syncRun) useLists() error {
	encoded, err := json.Marshal(r.lists)
	if err != nil {
		return fmt.Errorf("encode lists: %w", err)
	}
	sum := sha256.Sum256(encoded)
	lists := hex.EncodeToString(sum[:])
	if r.state.Lists != "" && r.state.Lists != lists {
		if err := forgetListings(r.db.App, 0); err != nil {
			return err
		}
		job := ""
		if r.state.Full != nil {
			job = r.state.Full.Job
		}
		r.state.New = nil
		r.state.startFull(r.started, job)
	}
	r.state.Lists = lists
	return nil
}
