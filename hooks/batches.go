package hooks

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func (h handlers) bindBatches() {
	bind(h.OnBatchRequest(), "allowOnlyJobsInBatch", allowOnlyJobsInBatch)
}

// allowOnlyJobsInBatch restricts users' batches to requests about jobs, because a batch is a transaction,
// during which all other writers wait. It drops the headers of the requests, because they could forge the
// client's address, which limits depend on.
func allowOnlyJobsInBatch(e *core.BatchRequestEvent) error {
	const jobs = "/api/collections/" + migrations.GlobalQueue + "/records"
	for _, request := range e.Batch {
		if request == nil {
			return e.BadRequestError("A request in the batch is empty.", nil)
		}
		request.Headers = nil
		if !e.HasSuperuserAuth() && !strings.HasPrefix(request.URL, jobs) {
			return e.BadRequestError("A batch can only create, change or delete jobs.", nil)
		}
	}
	if err := readlimit.CheckBatch(e); err != nil {
		return err
	}
	if !e.HasSuperuserAuth() {
		if err := readlimit.CheckExpandOfBatch(e); err != nil {
			return err
		}
	}
	return e.Next()
}
