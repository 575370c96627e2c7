package loomaccount

import (
	"context"
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// failureCheckTimeout limits the check that follows a failure, which takes several calls.
const failureCheckTimeout = time.Minute

// recordFailure records what a connection can't do any more, after a use of it has failed in a way that its owner has to do
// something about. One operation that is refused says little about the others, so that the connection is checked. A check that
// finds nothing is not recorded: only an upload, or the owner, ends the state after a refused upload.
func (s *Service) recordFailure(ctx context.Context, db *userdb.Database, used *core.Record, account loomupload.Account, err error) {
	problem, ok := ownersProblem(used, err)
	if !ok {
		return
	}
	if result := s.checkAfterFailure(ctx, used, account, problem); result.Details.State != StateReady {
		s.recordResult(db, used, result)
	}
}

// recordRefusal is recordFailure after an upload. A connection that works otherwise can only read from then on, because the
// next upload would be refused, too.
func (s *Service) recordRefusal(ctx context.Context, db *userdb.Database, used *core.Record, account loomupload.Account, err error) {
	problem, ok := ownersProblem(used, err)
	if !ok {
		return
	}
	result := s.checkAfterFailure(ctx, used, account, problem)
	if result.Err == nil {
		result.refuseUploads(problem)
	}
	s.recordResult(db, used, result)
}

// recordUnusable records that what is saved of a connection can't be used, which needs no check.
func (s *Service) recordUnusable(db *userdb.Database, used *core.Record, err error) {
	if _, ok := ownersProblem(used, err); ok {
		s.recordResult(db, used, failsWith(err, detailsOf(used)))
	}
}

// checkAfterFailure checks a connection, unless the problem is that a sign-in has ended: a check would try its lost token again.
func (s *Service) checkAfterFailure(ctx context.Context, used *core.Record, account loomupload.Account, problem *loomupload.Problem) Result {
	if problem.Kind == loomupload.KindReconnect && settingsOf(used).Method == MethodOAuth {
		return failsWith(problem, detailsOf(used))
	}
	ctx, cancel := context.WithTimeout(ctx, failureCheckTimeout)
	defer cancel()
	return s.check(ctx, detailsOf(used), account)
}

// ownersProblem returns the problem in an error that the owner of a connection has to do something about, unless the
// connection is known not to work.
func ownersProblem(used *core.Record, err error) (*loomupload.Problem, bool) {
	problem, ok := errors.AsType[*loomupload.Problem](err)
	if !ok || used == nil || used.GetString("status") == "invalid" {
		return nil, false
	}
	switch problem.Kind {
	case loomupload.KindReconnect, loomupload.KindWrongToken, loomupload.KindBlocked, loomupload.KindNoWorkspace, loomupload.KindSite:
		return problem, true
	}
	return nil, false
}

// recordResult records what a use of a connection has shown. Nothing is recorded if nobody knows whether it works: the next
// use shows it.
func (s *Service) recordResult(db *userdb.Database, used *core.Record, result Result) {
	if result.Temporary {
		return
	}
	if err := s.record(db, used, result); err != nil {
		s.logger.Warn("failed to record the state of a connection to loom", "database", db.Name, "error", err)
	}
}
