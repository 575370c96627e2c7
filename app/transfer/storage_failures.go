package transfer

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

// storageFailures logs failures of the storage for recordings, each kind at most once a minute. Its zero value is ready
// for use. Safe for concurrent use.
type storageFailures struct {
	mu     sync.Mutex
	byKind map[blob.Kind]*rate.Sometimes
}

func (f *storageFailures) log(ctx context.Context, logger *slog.Logger, database string, failure *blob.Error, err error) {
	f.mu.Lock()
	if f.byKind == nil {
		f.byKind = map[blob.Kind]*rate.Sometimes{}
	}
	limit := f.byKind[failure.Kind]
	if limit == nil {
		limit = &rate.Sometimes{Interval: time.Minute}
		f.byKind[failure.Kind] = limit
	}
	f.mu.Unlock()
	limit.Do(func() {
		logger.ErrorContext(ctx, "failed to use the storage for recordings",
			"database", database, "advice", failure.Message(), "error", err)
	})
}

// ReportStorageFailure tells the operator what to do about a failure of the storage for recordings, at most once a
// minute for each kind of failure. It ignores other errors and nil.
func (s *Service) ReportStorageFailure(ctx context.Context, database string, err error) {
	if failure, ok := errors.AsType[*blob.Error](err); ok {
		s.failures.log(ctx, s.logger, database, failure, err)
	}
}
