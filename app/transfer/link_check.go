package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	maxLinkChecks     = 12 // of one link, after which it stays unchecked; link_problem.js tells users this number
	linkChecksPerOpen = 20 // whenever a database is opened
)

// linkCheckDelay returns how long after a number of checks a link is checked again: an hour, then longer up to a week.
func linkCheckDelay(checks int) time.Duration {
	return min(time.Hour<<(2*min(checks, 8)), 7*24*time.Hour)
}

const (
	// isLinkDue is the SQL condition of the delivered links that could not be checked and are due. See dueParams.
	isLinkDue        = "[[link_check_at]] != '' AND ([[link_check_at]] <= {:now} OR [[link_check_at]] > {:latest})"
	linksToCheckFrom = "FROM {{" + schema.Transfers + "}} WHERE " + isLinkDue
)

func timestamp(at time.Time) string { return at.UTC().Format(types.DefaultDateLayout) }

// maxWait is longer than any wait that the service records in a user database, except for expiries.
const maxWait = 8 * 24 * time.Hour

// dueParams returns the parameters of conditions that select what is due. What is due later than it can be was recorded
// before the clock was set back, and is due as well.
func dueParams(now time.Time) dbx.Params {
	return dbx.Params{"now": timestamp(now), "latest": timestamp(now.Add(maxWait))}
}

// checkLinksLater checks the links of a database that are due, in the background.
func (s *Service) checkLinksLater(database string) {
	s.checks.start(database+"/links", s.checks.fathom, func(ctx context.Context) {
		if err := s.recheckLinks(ctx, database); err != nil && ctx.Err() == nil {
			s.logger.WarnContext(ctx, "failed to check links again", "database", database, "error", err)
		}
	})
}

func (s *Service) recheckLinks(ctx context.Context, database string) error {
	db, err := s.databases.Acquire(ctx, database)
	if err != nil {
		return err
	}
	defer db.Release()
	var due []*core.Record
	err = db.App.RecordQuery(schema.Transfers).AndWhere(dbx.NewExp(isLinkDue, dueParams(s.now()))).
		OrderBy("link_check_at").Limit(linkChecksPerOpen).WithContext(ctx).All(&due)
	if err != nil {
		return fmt.Errorf("list links to check: %w", err)
	}
	for _, transfer := range due {
		if err := s.recheckLink(ctx, db.Database, transfer); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) recheckLink(ctx context.Context, db *userdb.Database, transfer *core.Record) error {
	share, err := s.loom.ParseShareURL(transfer.GetString("share_url"))
	if err == nil {
		err = s.verifyLink(ctx, db, transfer, share)
	} else {
		err = refuseShareURL(err)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	refused, ok := errors.AsType[*ShareURLRefusedError](err)
	if err != nil && !ok {
		return err
	}
	checks := transfer.GetInt("link_checks") + 1
	return db.App.RunInTransaction(func(tx core.App) error {
		current, findErr := tx.FindRecordById(schema.Transfers, transfer.Id)
		if findErr != nil || current.GetString("share_url") != transfer.GetString("share_url") || current.GetString("unchecked") == "" {
			return nil // deleted or changed in the meantime
		}
		s.setChecked(current, refused, checks)
		if refused != nil && refused.unchecked() == "" {
			current.Set("error", refused.Message)
		}
		return tx.Save(current)
	})
}
