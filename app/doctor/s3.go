package doctor

import (
	"context"
	"errors"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

// checkS3 stores, reads and removes a small object in the bucket for recordings.
func (e *examination) checkS3(ctx context.Context) []Finding {
	err := e.App.CheckS3(ctx, networkLimit-hangLimit)
	failure, known := errors.AsType[*blob.Error](err)
	switch {
	case err == nil:
		return one(ok("recordings can be stored, read and removed in S3"))
	case errors.Is(err, app.ErrNoS3):
		return one(ok("S3 is not configured; recordings are stored on disk"))
	case !known:
		return one(failed(Fail, err, "Correct the S3_ settings"))
	}
	status := Fail
	if failure.Temporary() {
		status = Warn
	}
	message, advice, _ := strings.Cut(failure.Message(), ": ")
	return one(problem(status, message, upperFirst(advice)))
}
