package hooks

import (
	"context"
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

const (
	transfersPerTransaction = 100 // others may write to the global database in between
	maxListedMeetings       = 50  // of a dry run
)

// bulkTransfers is the response to a request to transfer several meetings. Each meeting counts once.
type bulkTransfers struct {
	Matched  int             `json:"matched"`
	Created  int             `json:"created"` // or would be, in a dry run
	Waiting  int             `json:"waiting"` // of those created, how many were handed over to the user before
	Active   int             `json:"active"`
	Skipped  int             `json:"skipped"`
	Left     int             `json:"left"`               // beyond a limit; the request may be repeated later
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
		DryRun  bool `json:"dry_run"`
	}{Deliver: true}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("The body could not be read.", err)
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
	ids, err := body.recordingIDs(e, limit.MaxSelectedTransfers)
	if err != nil {
		return selectionError(e, err)
	}
	plan, err := h.Transfers.PlanTransfers(ctx, db, ids, request)
	if err != nil {
		return e.InternalServerError("", err)
	}
	result := bulkTransfers{Matched: len(ids), Created: len(plan.New) + len(plan.Waiting), Waiting: len(plan.Waiting), Active: len(plan.Active), Skipped: len(plan.Skipped)}
	if body.DryRun {
		result.Meetings, err = listMeetings(ctx, e.App, slices.Concat(plan.New, plan.Waiting))
	} else {
		err = h.addPlanned(e, plan, request, &result)
		if err == nil && body.Deliver { // an active transfer may only store the file
			_, err = h.addTransfers(e, plan.Active, request)
		}
	}
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, result)
}

// addPlanned creates the jobs of new transfers, and then of those that waited for the user, and counts them in result.
func (h handlers) addPlanned(e *core.RequestEvent, plan transfer.TransferPlan, request transfer.TransferRequest, result *bulkTransfers) error {
	planned := len(plan.New) + len(plan.Waiting)
	created, err := h.addTransfers(e, plan.New, request)
	result.Waiting = 0
	if err == nil && created == len(plan.New) {
		result.Waiting, err = h.addTransfers(e, plan.Waiting, request)
	}
	result.Created = created + result.Waiting
	result.Left = planned - result.Created
	return err
}

// addTransfers creates jobs until the user reaches a limit, and returns how many.
func (h handlers) addTransfers(e *core.RequestEvent, recordingIDs []int64, request transfer.TransferRequest) (created int, err error) {
	db := gateway.DatabaseOf(e)
	for ids := range slices.Chunk(recordingIDs, transfersPerTransaction) {
		if _, ok := h.newJobs.TakeMany(limit.Account(db.UserID), len(ids)); !ok {
			return created, nil
		}
		done, err := h.Transfers.AddTransfers(e.Request.Context(), db, ids, request)
		created += done
		if err != nil || done < len(ids) {
			return created, err
		}
	}
	return created, nil
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
