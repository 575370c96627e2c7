package readlimit

import (
	"fmt"
	"net/url"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

// CheckBatch returns an API error if too many requests of a batch expand relations: a batch is a transaction,
// during which all other writers wait.
func CheckBatch(e *core.BatchRequestEvent) error {
	expands := 0
	for _, request := range e.Batch {
		if request == nil {
			continue
		}
		target, err := url.Parse(request.URL)
		if err != nil {
			return e.BadRequestError("A request in the batch has an invalid URL.", err)
		}
		if target.Query().Has(expandParam) {
			expands++
		}
	}
	if expands > limit.MaxExpandsPerBatch {
		return e.BadRequestError(fmt.Sprintf("At most %d requests of a batch can expand relations.", limit.MaxExpandsPerBatch), nil)
	}
	return nil
}
