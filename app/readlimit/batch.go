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
	expands, err := expandsOfBatch(e)
	if err != nil {
		return err
	}
	if len(expands) > limit.MaxExpandsPerBatch {
		return e.BadRequestError(fmt.Sprintf("At most %d requests of a batch can expand relations.", limit.MaxExpandsPerBatch), nil)
	}
	return nil
}

// CheckExpandOfBatch is CheckExpand for the requests of a batch, which don't pass the middlewares of the router.
func CheckExpandOfBatch(e *core.BatchRequestEvent) error {
	expands, err := expandsOfBatch(e)
	if err != nil {
		return err
	}
	for _, expand := range expands {
		if err := checkExpand(expand); err != nil {
			return err
		}
	}
	return nil
}

// expandsOfBatch returns what the requests of a batch expand, one element for each that expands anything.
func expandsOfBatch(e *core.BatchRequestEvent) (expands []string, err error) {
	for _, request := range e.Batch {
		if request == nil {
			continue
		}
		target, err := url.Parse(request.URL)
		if err != nil {
			return nil, e.BadRequestError("A request in the batch has an invalid URL.", err)
		}
		if query := target.Query(); query.Has(expandParam) {
			expands = append(expands, query.Get(expandParam))
		}
	}
	return expands, nil
}
