package hooks

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const maxListedMeetings = 50 // of a dry run

// bulkTransfers is the response to a request to transfer several meetings.
type bulkTransfers struct {
	transfer.TransferCounts
	Meetings []listedMeeting `json:"meetings,omitempty"` // of a dry run, the first that would be transferred
}

// listedMeeting is a meeting in the response to a dry run.
type listedMeeting struct {
	ID          string `db:"id" json:"meeting"`
	RecordingID int64  `db:"recording_id" json:"recording_id"`
	Title       string `db:"title" json:"title"`
	RecordedAt  string `db:"recorded_at" json:"recorded_at"`
}

// transferSelection creates the jobs that transfer the selected meetings, except for those that are transferred
// already. A dry run only responds with what it would do.
func (h handlers) transferSelection(e *core.RequestEvent) error {
	body := struct {
		meetingSelection
		loom.Options
		Deliver bool `json:"deliver"`
		ByHand  bool `json:"by_hand"`
		AtMost  int  `json:"at_most"` // meetings that the client has seen; 0 for any number
		DryRun  bool `json:"dry_run"`
	}{Deliver: true}
	if err := bindJSON(e, &body, "recording_ids, filter or library and, optionally, deliver, by_hand, visibility, folder, at_most and dry_run"); err != nil {
		return err
	}
	ctx, db := e.Request.Context(), gateway.DatabaseOf(e)
	if body.isEmpty() {
		_, err := refuseSelection(e, "recording_ids", `Select meetings by their recording ids or by a filter, such as "recording_id > 0" for all.`)
		return err
	}
	if problem := body.Problem(); problem != "" {
		_, err := refuseSelection(e, "visibility", problem)
		return err
	}
	request := transfer.TransferRequest{Deliver: body.Deliver, ByHand: body.ByHand, Options: body.Options}
	ids, err := h.recordingIDs(e, body.meetingSelection, limit.MaxSelectedTransfers)
	if err != nil {
		return selectionError(e, err)
	}
	if body.AtMost > 0 && len(ids) > body.AtMost {
		return e.Error(http.StatusConflict, fmt.Sprintf("%d meetings match now, but %d did. Look at the meetings again before you go on.", len(ids), body.AtMost), nil)
	}
	plan, err := h.Transfers.PlanTransfers(ctx, db, ids, request)
	if err != nil {
		return e.InternalServerError("", err)
	}
	result := bulkTransfers{TransferCounts: plan.Counts()}
	if body.DryRun {
		result.Meetings, err = listMeetings(ctx, e.App, slices.Concat(plan.New, plan.Waiting))
	} else {
		result.TransferCounts, _, err = h.Transfers.Transfer(ctx, db, plan, request, h.mayAddJobs(db.UserID))
	}
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, result)
}

// mayAddJobs returns a function that takes new jobs from the limit of a user, and returns false beyond it.
func (h handlers) mayAddJobs(userID string) func(jobs int) bool {
	return func(jobs int) bool {
		_, ok := h.newJobs.TakeMany(limit.Account(userID), jobs)
		return ok
	}
}

// listMeetings returns the first of some meetings, newest first.
func listMeetings(ctx context.Context, app core.App, recordingIDs []int64) (meetings []listedMeeting, err error) {
	shown := make([]any, min(len(recordingIDs), maxListedMeetings))
	for i := range shown {
		shown[i] = recordingIDs[i]
	}
	err = app.ConcurrentDB().Select("id", "recording_id", "title", "recorded_at").From(schema.Meetings).
		Where(dbx.In("recording_id", shown...)).OrderBy("recorded_at DESC", "recording_id DESC").WithContext(ctx).All(&meetings)
	return meetings, err
}
