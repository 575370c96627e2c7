package transfer

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestJobStatusDeterminesTransferStatusWhileNoHandlerRuns(t *testing.T) {
	for jobStatus, want := range map[queue.Status]Status{
		queue.StatusPending: StatusQueued, queue.StatusFailed: StatusQueued, queue.StatusDead: StatusFailed,
		queue.StatusCancelled: StatusCancelled, queue.StatusProcessing: "", queue.StatusCompleted: "",
	} {
		assert.Equal(t, want, statusForJobStatus(jobStatus), jobStatus)
	}
	assert.Equal(t, StatusCancelled, statusForJob(nil), "a deleted job")
}

func TestStatusesAreStoredAsStrings(t *testing.T) {
	collection := core.NewBaseCollection("transfers")
	collection.Fields.Add(&core.SelectField{Name: "status", Values: []string{"stored", "valid"}})
	record := core.NewRecord(collection)
	setStatus(record, StatusStored)
	assert.Equal(t, any("stored"), record.GetRaw("status"))
	assert.Equal(t, StatusStored, statusOf(record))
	setConnectionStatus(record, ConnectionValid)
	assert.Equal(t, any("valid"), record.GetRaw("status"))
	assert.Equal(t, ConnectionValid, connectionStatusOf(record))
}
