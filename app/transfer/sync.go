package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const (
	// syncOverlap is the time before the newest known meeting at which a pass over new meetings starts.
	// Fathom may list a meeting some time after its creation.
	syncOverlap = 48 * time.Hour

	// maxSyncRun is the time after which a sync gives other syncs a turn.
	maxSyncRun = 5 * time.Minute

	// fullPassEvery is the least time between the starts of two passes over all meetings.
	fullPassEvery = 24 * time.Hour

	// A sync reads at most minFullStep pages of a pass over all meetings, or so many that the pass takes
	// maxFullSteps syncs.
	minFullStep  = 20
	maxFullSteps = 24
)

// errKeyReplaced means that the user has saved another key, or none, since the run began.
var errKeyReplaced = errors.New("fathom key was replaced")

// syncRun is one run of a sync job. Fathom tells neither what has changed nor what was deleted, so a sync reads what
// is new, and goes on with a pass over all meetings.
type syncRun struct {
	service    *Service
	db         *userdb.Database
	job        queue.Job
	report     queue.Report
	account    *fathom.Account
	connection *core.Record
	lists      []fathom.MeetingQuery // all that the user wants to be read
	state      syncState
	started    time.Time
	aside      newlySetAside
}

// syncMeetings copies the user's meetings from Fathom into their database.
func (s *Service) syncMeetings(
	ctx context.Context, db *userdb.Database, job queue.Job, payload syncPayload, report queue.Report,
) (any, error) {
	if err := db.Space.Check("meeting", rowOverhead); err != nil { // before Fathom is called
		return nil, err
	}
	account, connection, err := s.openAccount(db)
	if err != nil {
		return nil, s.afterMissingConnection(ctx, db, err)
	}
	r := &syncRun{
		service: s, db: db, job: job, report: report, account: account, connection: connection, started: s.now(),
	}
	err = r.execute(ctx, payload.Full)
	r.aside.log(ctx, s.logger, db.Name)
	if len(r.lists) == 1 { // a refused list of a team or a person says nothing about the key
		err = explainList(err)
	}
	s.recordKeyUse(ctx, db, connection, err)
	err = errors.Join(err, s.applyRules(ctx, db))
	if errors.Is(err, errKeyReplaced) {
		return nil, queue.Snooze("", 0)
	}
	if err != nil {
		return nil, explainSync(err)
	}
	s.afterSync(ctx, db, connection)
	return r.state.Result, s.startParts(ctx, db)
}

func (r *syncRun) execute(ctx context.Context, full bool) error {
	if err := r.prepare(ctx, full); err != nil {
		return err
	}
	if err := r.readSetAsideAgain(ctx); err != nil {
		return err
	}
	upTo := r.connection.GetDateTime("synced_up_to").Time()
	if upTo.IsZero() || full {
		return r.readAll(ctx, fathom.MaxPages)
	}
	if err := r.readNew(ctx, upTo); err != nil {
		return err
	}
	return r.readAll(ctx, max(minFullStep, r.state.FullPages/maxFullSteps))
}

// prepare reads the state, and starts over what it can't continue.
func (r *syncRun) prepare(ctx context.Context, full bool) error {
	var err error
	if r.lists, err = r.wantedLists(ctx); err != nil {
		return err
	}
	if r.state, err = loadSyncState(r.db.App, r.connection); err != nil {
		return err
	}
	if r.state.Job != r.job.ID {
		r.state.Job, r.state.Result = r.job.ID, syncResult{}
	}
	r.state.Result.Full = full
	if full && (r.state.Full == nil || r.state.Full.Job != r.job.ID) {
		r.state.startFull(r.started, r.job.ID) // what an earlier pass has read may have changed since
	}
	return r.useLists()
}

// readNew reads the meetings that are new since the time up to which all are known.
func (r *syncRun) readNew(ctx context.Context, upTo time.Time) error {
	p := r.state.New
	if p == nil || p.Job != r.job.ID || r.started.Sub(p.Started) > time.Hour {
		p = &pass{Started: r.started, After: upTo.Add(-syncOverlap), Job: r.job.ID}
		r.state.New = p
	}
	complete, err := r.read(ctx, p, fathom.MaxPages)
	if err != nil || !complete {
		return err
	}
	r.state.New = nil
	// Only now: Fathom lists the newest meeting first, so a pass that ends early misses older ones.
	return r.saveState(r.db.App, p.Newest)
}

// readAll continues the pass over all meetings by up to maxPages, or starts one if it is time to.
func (r *syncRun) readAll(ctx context.Context, maxPages int) error {
	if r.state.Full == nil {
		if r.started.Sub(r.state.FullStarted) < fullPassEvery {
			return r.finish(time.Time{})
		}
		r.state.startFull(r.started, "")
	}
	p := r.state.Full
	complete, err := r.read(ctx, p, maxPages)
	if err != nil {
		return err
	}
	if !complete {
		return r.finish(time.Time{})
	}
	withdrawn, err := r.markWithdrawn(ctx, p)
	if err != nil {
		return err
	}
	r.state.Result.Withdrawn += withdrawn
	if r.service.partsFor > 0 {
		if err := requestChangedParts(r.db.App, r.started); err != nil {
			return err
		}
	}
	r.state.Number++
	r.state.Full, r.state.FullPages = nil, p.Pages
	return r.finish(p.Newest)
}

// finish completes the result and saves the state. newest is the creation time of the newest meeting of a complete
// pass, or zero.
func (r *syncRun) finish(newest time.Time) error {
	var err error
	if r.state.Result.Unreadable, err = countUnreadable(r.db.App); err != nil {
		return err
	}
	result := r.state.Result
	r.state.Job, r.state.Result = "", syncResult{} // a job that is asked to run again counts from 0
	err = r.saveState(r.db.App, newest)
	r.state.Result = result
	return err
}

// read reads up to maxPages of the lists from where a pass stopped. It reports whether the pass is complete. It
// snoozes after maxSyncRun, because other users' syncs may be waiting for the slot.
func (r *syncRun) read(ctx context.Context, p *pass, maxPages int) (complete bool, err error) {
	if p.Pages == 0 {
		r.report("listing meetings", 0)
	}
	for p.List < len(r.lists) && maxPages > 0 {
		err := r.readList(ctx, p, &maxPages)
		if failure, ok := errors.AsType[*fathom.Error](err); ok && failure.Kind == fathom.KindBadRequest && r.askForLess(p) {
			continue
		}
		if err != nil {
			return false, err
		}
	}
	return p.List == len(r.lists), nil
}

// readList reads up to *maxPages of the pass's current list, and subtracts those that it has read.
func (r *syncRun) readList(ctx context.Context, p *pass, maxPages *int) error {
	query := r.lists[p.List]
	query.CreatedAfter = p.After
	query.IncludeActionItems, query.IncludeHighlights = true, !r.state.NoHighlights
	for page, err := range r.account.MeetingPages(ctx, query, p.resume(&query)) {
		if err != nil {
			return err
		}
		if err := r.savePage(ctx, p, page); err != nil {
			return err
		}
		*maxPages--
		switch {
		case !page.HasMore():
			return nil
		case p.Pages >= fathom.MaxPages:
			return queue.Permanent("Fathom's list of meetings doesn't end. Contact the operator.", nil)
		case r.service.now().Sub(r.started) > maxSyncRun:
			return queue.Snooze("", 0)
		case *maxPages <= 0 && !p.Unsorted: // others must be read at once
			return nil
		}
	}
	return nil
}

// askForLess changes what Fathom may have refused: a cursor or, at accounts that lack them, highlights. It reports
// whether there was anything to change.
func (r *syncRun) askForLess(p *pass) bool {
	switch {
	case p.Cursor != "":
		p.Cursor = ""
	case !r.state.NoHighlights:
		r.state.NoHighlights = true
	default:
		return false
	}
	return true
}

// reportProgress tells how many meetings the job has read.
func (r *syncRun) reportProgress() {
	r.report(fmt.Sprintf("%d meetings read", r.state.Result.Meetings), 0)
}
