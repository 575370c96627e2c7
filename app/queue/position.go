package queue

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// snapshot is the state of the queue at one moment, from which positions are computed.
type snapshot struct {
	cost    readCost
	changes uint64 // number of changes published before it was read

	ready   int                         // number of ready jobs
	running int                         // number of running jobs
	counts  map[turn]map[string]int     // ready jobs by round and user
	turns   map[turn]string             // the user who had the last turn
	places  map[string]map[string]place // by user and job; filled by placesOf on demand
}

// place is where a ready job stands.
type place struct {
	kind     string
	position int // in its lane, from 1, if no kind reaches its limit
}

// Position returns about how many jobs start before a job does, counting it. It is 0 unless the job is ready. If the
// queue cannot be read, Position logs the error and returns 0.
func (r *reader) Position(ctx context.Context, job *core.Record) int {
	if Status(job.GetString("status")) != StatusPending || job.GetDateTime("run_at").Time().After(r.now()) {
		return 0
	}
	kind, userID := job.GetString("kind"), job.GetString("user")
	if r.pauses.isPausedFor(userKind{userID, kind}) {
		return 0
	}
	s, err := r.snapshot(ctx)
	if err != nil {
		r.logger.WarnContext(ctx, "failed to compute the position of a job", "job", job.Id, "error", err)
		return 0
	}
	places, err := r.placesOf(ctx, s, userID)
	if err != nil {
		r.logger.WarnContext(ctx, "failed to compute the position of a job", "job", job.Id, "error", err)
		return 0
	}
	if own, ok := places[job.Id]; ok {
		return own.position
	}
	key := turn{r.kinds.lane(kind), job.GetInt("priority")} // created since the snapshot
	own := s.counts[key][userID]
	return 1 + own + s.othersOf(userID, key).before(own)
}

// snapshot returns the latest snapshot. It reads a new one if something has changed, unless the latest
// was expensive and is still fresh.
func (r *reader) snapshot(ctx context.Context) (*snapshot, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	changes, began := r.events.count(), r.now()
	if r.latest != nil && (r.latest.changes == changes || r.latest.cost.isFresh(began)) {
		return r.latest, nil
	}
	s, err := r.readSnapshot(ctx)
	if err != nil {
		return nil, err
	}
	read := r.now()
	s.cost, s.changes = readCost{at: read, took: read.Sub(began)}, changes
	r.latest = s
	return s, nil
}

func (r *reader) readSnapshot(ctx context.Context) (*snapshot, error) {
	s := &snapshot{counts: map[turn]map[string]int{}, places: map[string]map[string]place{}}
	var rows []struct {
		Kind     string `db:"kind"`
		User     string `db:"user"`
		Priority int    `db:"priority"`
		Ready    int    `db:"ready"`
	}
	if err := r.app.ConcurrentDB().NewQuery(readyCountsSQL).WithContext(ctx).All(&rows); err != nil {
		return nil, fmt.Errorf("count ready jobs: %w", err)
	}
	for _, row := range rows {
		key := turn{r.kinds.lane(row.Kind), row.Priority}
		if s.counts[key] == nil {
			s.counts[key] = map[string]int{}
		}
		s.counts[key][row.User] += row.Ready
		s.ready += row.Ready
	}
	if err := r.app.ConcurrentDB().NewQuery(runningSQL).WithContext(ctx).Row(&s.running); err != nil {
		return nil, fmt.Errorf("count running jobs: %w", err)
	}
	s.turns = r.turns.lastUsers()
	return s, nil
}

// placesOf returns the places of a user's ready jobs, by id. It reads them once for each snapshot.
func (r *reader) placesOf(ctx context.Context, s *snapshot, userID string) (map[string]place, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if places, ok := s.places[userID]; ok {
		return places, nil
	}
	var rows []struct {
		ID       string `db:"id"`
		Kind     string `db:"kind"`
		Priority int    `db:"priority"`
	}
	if err := r.app.ConcurrentDB().NewQuery(userReadySQL).Bind(dbx.Params{"user": userID}).WithContext(ctx).All(&rows); err != nil {
		return nil, fmt.Errorf("read ready jobs of user %s: %w", userID, err)
	}
	places, ahead, byTurn := make(map[string]place, len(rows)), map[turn]int{}, map[turn]others{}
	for _, row := range rows {
		key := turn{r.kinds.lane(row.Kind), row.Priority}
		if _, ok := byTurn[key]; !ok {
			byTurn[key] = s.othersOf(userID, key)
		}
		places[row.ID] = place{row.Kind, 1 + ahead[key] + byTurn[key].before(ahead[key])}
		ahead[key]++
	}
	s.places[userID] = places
	return places, nil
}

// others are the jobs that may start before a user's own jobs of one round: those with a higher priority, and those of
// other users in the same round. Users take turns, so each has as many turns as the user, or one more.
type others struct {
	first int   // jobs that start before all of the user's own
	left  []int // of each other user, how many jobs follow in turns; sorted
	sums  []int // sums[i] is the sum of the first i elements of left
}

func (s *snapshot) othersOf(userID string, own turn) others {
	o := others{sums: []int{0}}
	for key, users := range s.counts {
		if key.lane != own.lane || key.priority < own.priority {
			continue
		}
		last := s.turns[key]
		ownThisRound := userID > last
		for user, ready := range users {
			switch {
			case key.priority > own.priority:
				o.first += ready
			case user == userID:
			default:
				thisRound := user > last
				if thisRound && !ownThisRound || thisRound == ownThisRound && user < userID {
					o.first++
					ready--
				}
				o.left = append(o.left, ready)
			}
		}
	}
	slices.Sort(o.left)
	for i, ready := range o.left {
		o.sums = append(o.sums, o.sums[i]+ready)
	}
	return o
}

// before returns how many jobs of others start before a job that follows so many of its user's own round.
func (o others) before(ahead int) int {
	fewer, _ := slices.BinarySearch(o.left, ahead) // users who run out of jobs before
	return o.first + o.sums[fewer] + (len(o.left)-fewer)*ahead
}
