package operator

import (
	"context"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// JobsRequest selects jobs. Its zero value selects all jobs.
type JobsRequest struct {
	queue.Selection
	User      string        `json:"email,omitempty"`      // e-mail address or id; replaces Selection.UserID
	Limit     int           `json:"limit,omitempty"`      // ListJobs only; 0 means no limit
	Reason    string        `json:"reason,omitempty"`     // PauseQueue only
	OlderThan time.Duration `json:"older_than,omitempty"` // PurgeJobs only: time since the job ended
}

// Purged is the response to PurgeJobs.
type Purged struct {
	Deleted int `json:"deleted"`
}

// Operations on jobs.
var (
	ListJobs    = Operation[JobsRequest, queue.Info]{Name: "queue/list", ReadOnly: true}
	CountJobs   = Operation[JobsRequest, queue.Stats]{Name: "queue/stats", ReadOnly: true}
	RetryJobs   = Operation[JobsRequest, queue.BulkResult]{Name: "queue/retry"}
	CancelJobs  = Operation[JobsRequest, queue.BulkResult]{Name: "queue/cancel"}
	PauseQueue  = Operation[JobsRequest, queue.Pauses]{Name: "queue/pause"}
	ResumeQueue = Operation[JobsRequest, queue.Pauses]{Name: "queue/resume"}
	PurgeJobs   = Operation[JobsRequest, Purged]{Name: "queue/purge"}
)

func bindQueue(server *control.Server, cfg Config) {
	jobs := cfg.Queue
	ListJobs.bind(server, func(ctx context.Context, request JobsRequest, emit func(queue.Info) error) error {
		selection, err := cfg.selection(ctx, request)
		if err != nil {
			return err
		}
		found, err := jobs.List(ctx, selection, request.Limit)
		if err != nil {
			return err
		}
		return emitAll(found, emit)
	})
	CountJobs.bindOne(server, func(ctx context.Context, _ JobsRequest) (queue.Stats, error) { return jobs.Stats(ctx) })

	setStatus := func(status queue.Status) func(context.Context, JobsRequest) (queue.BulkResult, error) {
		return func(ctx context.Context, request JobsRequest) (queue.BulkResult, error) {
			selection, err := cfg.selection(ctx, request)
			if err != nil {
				return queue.BulkResult{}, err
			}
			return jobs.SetStatusAll(ctx, selection, status)
		}
	}
	RetryJobs.bindOne(server, setStatus(queue.StatusPending))
	CancelJobs.bindOne(server, setStatus(queue.StatusCancelled))

	PauseQueue.bindOne(server, func(ctx context.Context, request JobsRequest) (queue.Pauses, error) {
		selection, err := cfg.selection(ctx, request)
		if err == nil {
			err = jobs.AddPause(ctx, queue.Pause{Kind: request.Kind, UserID: selection.UserID, Reason: request.Reason})
		}
		return jobs.PausedFor(selection.UserID), err
	})
	ResumeQueue.bindOne(server, func(ctx context.Context, request JobsRequest) (queue.Pauses, error) {
		selection, err := cfg.selection(ctx, request)
		if err == nil {
			err = jobs.Resume(ctx, request.Kind, selection.UserID)
		}
		return jobs.PausedFor(selection.UserID), err
	})
	PurgeJobs.bindOne(server, func(ctx context.Context, request JobsRequest) (Purged, error) {
		deleted, err := jobs.Purge(ctx, request.Status, request.OlderThan)
		return Purged{deleted}, err
	})
}

// selection returns the request's selection with the id of its user.
func (cfg Config) selection(ctx context.Context, request JobsRequest) (selection queue.Selection, err error) {
	selection = request.Selection
	if request.User != "" {
		selection.UserID, err = cfg.FindUser(ctx, request.User)
	}
	return selection, err
}
