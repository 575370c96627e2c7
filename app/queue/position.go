package queue

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// isFresh says whether what was read need not be read anew: for 20 times as long as
// that took, so that reading takes a twentieth of the time at most. What takes
// less than spare is read whenever something has changed.
func (q *Queue) isFresh(readAt time.Time, took time.Duration) bool {
	return took > q.spare && time.Since(readAt) < 20*took
}

// lines are the queue as it stands: how many ready jobs each user has, and in
// which order their own go. They are read anew when something has changed, as far
// as isFresh lets them.
type lines struct {
	mu      sync.Mutex
	now     *standing
	readAt  time.Time
	took    time.Duration
	changes uint64
}

// standing is one reading of the queue.
type standing struct {
	ready   int
	counts  map[int]map[string]int // by priority and user: ready jobs
	places  map[string]map[string]place
	running []runningJob
	turn    map[int]string
}

// place is where a job stands in its user's own line.
type place struct {
	priority, ahead int // ahead: own jobs of the same priority before it
}

type runningJob struct {
	kind     string
	started  time.Time
	progress float64
}

// standing reads the queue, or returns what was read a moment ago.
func (q *Queue) standing(ctx context.Context) (*standing, error) {
	q.lines.mu.Lock()
	defer q.lines.mu.Unlock()
	l := &q.lines
	count := q.changes.count()
	if l.now != nil && (l.changes == count || q.isFresh(l.readAt, l.took)) {
		return l.now, nil
	}
	began := time.Now()
	read, err := q.readStanding(ctx)
	if err != nil {
		return nil, err
	}
	l.now, l.changes, l.readAt, l.took = read, count, time.Now(), time.Since(began)
	return read, nil
}

func (q *Queue) readStanding(ctx context.Context) (*standing, error) {
	s := &standing{counts: map[int]map[string]int{}, places: map[string]map[string]place{}}
	var counts []struct {
		User     string `db:"user"`
		Priority int    `db:"priority"`
		Ready    int    `db:"ready"`
	}
	err := q.app.ConcurrentDB().NewQuery(`SELECT user, priority, COUNT(*) AS ready FROM global_queue
		WHERE ready = TRUE GROUP BY kind, priority, user`).WithContext(ctx).All(&counts)
	if err != nil {
		return nil, fmt.Errorf("count the jobs that wait: %w", err)
	}
	for _, c := range counts {
		if s.counts[c.Priority] == nil {
			s.counts[c.Priority] = map[string]int{}
		}
		s.counts[c.Priority][c.User] += c.Ready
		s.ready += c.Ready
	}
	if s.running, err = q.readRunning(ctx); err != nil {
		return nil, err
	}
	s.turn = q.turn.copy()
	return s, nil
}

func (q *Queue) readRunning(ctx context.Context) ([]runningJob, error) {
	var rows []struct {
		Kind     string  `db:"kind"`
		Started  string  `db:"started_at"`
		Progress float64 `db:"progress"`
	}
	err := q.app.ConcurrentDB().NewQuery(`SELECT kind, started_at, progress FROM global_queue WHERE status = 'processing'`).WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read the running jobs: %w", err)
	}
	running := make([]runningJob, 0, len(rows))
	for _, row := range rows {
		started, err := parseTime(row.Started)
		if err != nil {
			return nil, err
		}
		running = append(running, runningJob{kind: row.Kind, started: started, progress: row.Progress})
	}
	return running, nil
}

// placesOf reads in which order a user's ready jobs go.
func (q *Queue) placesOf(ctx context.Context, s *standing, userID string) (map[string]place, error) {
	q.lines.mu.Lock()
	defer q.lines.mu.Unlock()
	if places, ok := s.places[userID]; ok {
		return places, nil
	}
	var rows []struct {
		ID       string `db:"id"`
		Priority int    `db:"priority"`
	}
	err := q.app.ConcurrentDB().Select("id", "priority").From(migrations.GlobalQueue).Where(activeOf(userID)).
		AndWhere(dbx.NewExp("ready = TRUE")).OrderBy("priority DESC", "run_at", "rowid").WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read the jobs of user %s that wait: %w", userID, err)
	}
	places, ahead := make(map[string]place, len(rows)), map[int]int{}
	for _, row := range rows {
		places[row.ID] = place{priority: row.Priority, ahead: ahead[row.Priority]}
		ahead[row.Priority]++
	}
	s.places[userID] = places
	return places, nil
}

// position says how many jobs will have been taken when that at a place is, if
// every kind has a free place: users take turns, so that of another's many jobs
// only as many come before it as it has turns to wait.
func (s *standing) position(userID string, at place) int {
	position := 1 + at.ahead
	for priority, users := range s.counts {
		if priority < at.priority {
			continue
		}
		last := s.turn[priority]
		mine := userID > last // in this round, not the next
		for user, ready := range users {
			switch {
			case priority > at.priority:
				position += ready
			case user == userID:
			default:
				turns := at.ahead
				if theirs := user > last; theirs && !mine || theirs == mine && user < userID {
					turns++
				}
				position += min(ready, turns)
			}
		}
	}
	return position
}
