package queue_test

import (
	"errors"
	"fmt"
	"testing"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestIsDuplicateRecognizesEveryFormOfTheError(t *testing.T) {
	t.Parallel()
	apiError := func(code string) error {
		return router.NewBadRequestError("", validation.Errors{"dedupe_key": validation.NewError(code, "Refused.")})
	}
	for _, duplicate := range []error{
		fmt.Errorf("create job: %w", queue.ErrDuplicate),
		errors.New("constraint failed: UNIQUE constraint failed: global_queue.dedupe_key (2067)"),
		fmt.Errorf("create job: %w", apiError("validation_not_unique")),
		fmt.Errorf("save job: %w", validation.Errors{"dedupe_key": validation.NewError("validation_not_unique", "Refused.")}),
	} {
		assert.True(t, queue.IsDuplicate(duplicate), "%v", duplicate)
	}
	for _, other := range []error{nil, errors.New("disk full"), apiError("validation_required"), validation.Errors{"kind": validation.NewError("validation_not_unique", "Refused.")}} {
		assert.False(t, queue.IsDuplicate(other), "%v", other)
	}
}
