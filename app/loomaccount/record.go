package loomaccount

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// recordFailure records that a connection has failed in use, if err says that its owner has to do something about it.
func (s *Service) recordFailure(db *userdb.Database, used *core.Record, err error) {
	problem, ok := errors.AsType[*loomupload.Problem](err)
	if !ok || used == nil || used.GetString("status") == "invalid" {
		return
	}
	switch problem.Kind {
	case loomupload.KindReconnect, loomupload.KindWrongToken, loomupload.KindBlocked, loomupload.KindNoWorkspace, loomupload.KindSite:
		s.recordResult(db, used, failsWith(err, detailsOf(used)))
	}
}

// recordResult records what a use of a connection has shown.
func (s *Service) recordResult(db *userdb.Database, used *core.Record, result Result) {
	if used == nil {
		return
	}
	if err := s.record(db, used, result); err != nil {
		s.logger.Warn("failed to record the state of a connection to loom", "database", db.Name, "error", err)
	}
}
