package hooks

import (
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// bindQueuePauses applies pauses that operators create, change or remove in the admin UI.
func (h handlers) bindQueuePauses() {
	bind(h.OnRecordCreateRequest(migrations.QueuePauses), "checkPause", h.checkPause)
	bind(h.OnRecordUpdateRequest(migrations.QueuePauses), "checkPauseUpdate", h.checkPause)

	bind(h.OnRecordAfterCreateSuccess(migrations.QueuePauses), "paused", h.reloadPauses)
	bind(h.OnRecordAfterUpdateSuccess(migrations.QueuePauses), "pauseChanged", h.reloadPauses)
	bind(h.OnRecordAfterDeleteSuccess(migrations.QueuePauses), "resumed", h.reloadPauses)
}

func (h handlers) checkPause(e *core.RecordRequestEvent) error {
	if err := h.Queue.CheckPausable(e.Record.GetString("kind")); err != nil {
		return e.BadRequestError("There is no such kind of job.", validation.Errors{
			"kind": validation.NewError("validation_unknown_kind", err.Error()),
		})
	}
	if e.Record.GetString("source") == "" {
		e.Record.Set("source", string(queue.SourceOperator))
	}
	return e.Next()
}

func (h handlers) reloadPauses(e *core.RecordEvent) error {
	if err := h.Queue.LoadPauses(e.Context); err != nil {
		return err
	}
	return e.Next()
}
