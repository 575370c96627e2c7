package hooks

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func (h handlers) bindJobSchedules() {
	bind(h.OnRecordCreateRequest(migrations.JobSchedules), "prepareSchedule", h.createSchedule)
	bind(h.OnRecordUpdateRequest(migrations.JobSchedules), "changeSchedule", h.updateSchedule)
}

func (h handlers) createSchedule(e *core.RecordRequestEvent) error {
	return h.saveSchedule(e, ownerOf(e))
}

// updateSchedule keeps the owner of a schedule, even when a superuser changes it.
func (h handlers) updateSchedule(e *core.RecordRequestEvent) error {
	return h.saveSchedule(e, e.Record.Original().GetString("user"))
}

func (h handlers) saveSchedule(e *core.RecordRequestEvent, userID string) error {
	if err := requireDates(e); err != nil {
		return err
	}
	if err := h.Queue.PrepareSchedule(e.App, e.Record, userID); err != nil {
		return jobError(e.RequestEvent, err)
	}
	return e.Next()
}

// ownerOf returns the id of the user that a new record belongs to: the caller or, if the caller is a
// superuser, the user in the record.
func ownerOf(e *core.RecordRequestEvent) string {
	if e.HasSuperuserAuth() {
		return e.Record.GetString("user")
	}
	return e.Auth.Id
}
