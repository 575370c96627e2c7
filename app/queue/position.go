package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
)

// snapshot is the state of the queue at one moment, from which positions and estimates are computed.
type snapshot struct {
	cost    readCost
	changes uint64 // number of changes published before it was read

	ready   int                        // number of ready jobs
	counts  map[turn]map[string]int    // ready jobs by round and user
	running []runningJob               // of all users
	turns   map[turn]string            // the user who had the last turn
	ranks   map[string]map[string]rank // by user and job; filled by ranksOf on demand
}

// rank is the place of a ready job among the jobs of its own user.
type rank struct {
	turn
	ahead int // jobs of the same user and round that start first
}

type runningJob struct {
	kind     string
	started  time.Time
	progress float64
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
	s := &snapshot{counts: map[turn]map[string]int{}, ranks: map[string]map[string]rank{}}
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
	var err error
	if s.running, err = r.readRunning(ctx); err != nil {
		return nil, err
	}
	s.turns = r.turns.lastUsers()
	return s, nil
}

func (r *reader) readRunning(ctx context.Context) ([]runningJob, error) {
	var rows []struct {
		ID       string  `db:"id"`
		Claims   int     `db:"claims"`
		Kind     string  `db:"kind"`
		Started  string  `db:"started_at"`
		Progress float64 `db:"progress"`
	}
	if err := r.app.ConcurrentDB().NewQuery(runningSQL).WithContext(ctx).All(&rows); err != nil {
		return nil, fmt.Errorf("read running jobs: %w", err)
	}
	running := make([]runningJob, 0, len(rows))
	for _, row := range rows {
		started, err := parseTime(row.Started)
		if err != nil {
			return nil, err
		}
		if latest, ok := r.reports.latest(claimID{row.ID, row.Claims}); ok {
			row.Progress = latest.progress
		}
		running = append(running, runningJob{kind: row.Kind, started: started, progress: row.Progress})
	}
	return running, nil
}

// ranksOf returns the ranks of a user's ready jobs, by id. It reads them once for each snapshot.
func (r *reader) ranksOf(ctx context.Context, s *snapshot, userID string) (map[string]rank, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ranks, ok := s.ranks[userID]; ok {
		return ranks, nil
	}
	var rows []struct {
		ID       string `db:"id"`
		Kind     string `db:"kind"`
		Priority int    `db:"priority"`
	}
	if err := r.app.ConcurrentDB().NewQuery(userReadySQL).Bind(dbx.Params{"user": userID}).WithContext(ctx).All(&rows); err != nil {
		return nil, fmt.Errorf("read ready jobs of user %s: %w", userID, err)
	}
	ranks, ahead := make(map[string]rank, len(rows)), map[turn]int{}
	for _, row := range rows {
		key := turn{r.kinds.lane(row.Kind), row.Priority}
		ranks[row.ID] = rank{key, ahead[key]}
		ahead[key]++
	}
	s.ranks[userID] = ranks
	return ranks, nil
}

// position returns the place of a job in its lane, from 1, if no kind reaches its limit. Users take
// turns, so the number of another user's jobs that start first is limited by the turns that this user
// waits for.
func (s *snapshot) position(userID string, own rank) int {
	position := 1 + own.ahead
	for key, users := range s.counts {
		if key.lane != own.lane || key.priority < own.priority {
			continue
		}
		last := s.turns[key]
		ownThisRound := userID > last
		for user, ready := range users {
			switch {
			case key.priority > own.priority:
				position += ready
			case user == userID:
			default:
				turns := own.ahead
				thisRound := user > last
				if thisRound && !ownThisRound || thisRound == ownThisRound && user < userID {
					turns++
				}
				position += min(ready, turns)
			}
		}
	}
	return position
}
