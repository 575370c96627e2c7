package queue

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Stats is the queue as operators see it.
type Stats struct {
	Running  int                  `json:"running"`
	Waiting  int                  `json:"waiting"` // due
	Oldest   *time.Time           `json:"oldest"`  // since when the longest waiting job is due
	Paused   Pauses               `json:"paused"`
	Pauses   []Pause              `json:"pauses"`
	Statuses map[string]int       `json:"statuses"`
	Kinds    map[string]KindStats `json:"kinds"`
}

// KindStats are those of one kind of job.
type KindStats struct {
	Pending    int     `json:"pending"`
	Processing int     `json:"processing"`
	Failed     int     `json:"failed"`
	Dead       int     `json:"dead"`
	Limit      int     `json:"limit,omitempty"` // of jobs at once
	Seconds    float64 `json:"seconds"`         // how long one takes, lately
	Paused     bool    `json:"paused"`
}

// Stats counts the jobs.
func (q *Queue) Stats(ctx context.Context) (s Stats, err error) {
	s = Stats{Paused: q.pausedList(), Statuses: map[string]int{}, Kinds: map[string]KindStats{}}
	for _, status := range Statuses() {
		s.Statuses[status] = 0
	}
	for name, kind := range q.kinds {
		s.Kinds[name] = KindStats{Limit: kind.Limit, Seconds: q.durations.of(name).Seconds(), Paused: q.Paused().Has(name)}
	}
	var counts []struct {
		Kind   string `db:"kind"`
		Status string `db:"status"`
		Count  int    `db:"count"`
	}
	err = q.app.ConcurrentDB().NewQuery(`
		SELECT kind, status, COUNT(*) AS count FROM global_queue WHERE finished_at = '' GROUP BY kind, status
		UNION ALL SELECT kind, status, COUNT(*) FROM global_queue WHERE status = 'dead' GROUP BY kind
		UNION ALL SELECT kind, status, COUNT(*) FROM global_queue WHERE status = 'cancelled' GROUP BY kind`).
		WithContext(ctx).All(&counts)
	if err != nil {
		return s, fmt.Errorf("count the jobs: %w", err)
	}
	completed, err := q.countAll(ctx)
	if err != nil {
		return s, err
	}
	for _, c := range counts {
		kind := s.Kinds[c.Kind]
		switch c.Status {
		case StatusPending:
			kind.Pending = c.Count
		case StatusProcessing:
			kind.Processing = c.Count
		case StatusFailed:
			kind.Failed = c.Count
		case StatusDead:
			kind.Dead = c.Count
		}
		s.Kinds[c.Kind] = kind
		s.Statuses[c.Status] += c.Count
		completed -= c.Count
	}
	s.Statuses[StatusCompleted] = max(0, completed)
	if s.Pauses, err = q.pauses(ctx); err != nil {
		return s, err
	}
	standing, err := q.standing(ctx)
	if err != nil {
		return s, err
	}
	s.Running, s.Waiting = s.Statuses[StatusProcessing], standing.ready
	var oldest string
	err = q.app.ConcurrentDB().NewQuery(`SELECT COALESCE(MIN(run_at), '') FROM global_queue WHERE ready = TRUE`).WithContext(ctx).Row(&oldest)
	if err != nil {
		return s, fmt.Errorf("find the job that waits longest: %w", err)
	}
	if oldest != "" {
		at, err := parseTime(oldest)
		if err != nil {
			return s, err
		}
		s.Oldest = &at
	}
	return s, nil
}

// countAll counts every job that there is. That may be a million, most of them
// completed, and somebody may ask each second.
func (q *Queue) countAll(ctx context.Context) (int, error) {
	t := &q.total
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.isFresh(t.at, t.took) {
		return t.count, nil
	}
	began := time.Now()
	if err := q.app.ConcurrentDB().NewQuery("SELECT COUNT(*) FROM global_queue").WithContext(ctx).Row(&t.count); err != nil {
		return 0, fmt.Errorf("count all jobs: %w", err)
	}
	t.at, t.took = time.Now(), time.Since(began)
	return t.count, nil
}

// total is how many jobs there were a moment ago.
type total struct {
	mu    sync.Mutex
	count int
	at    time.Time
	took  time.Duration
}

// Info is a job as operators see it. Payload and Result are JSON, Progress is from
// 0 to 1.
type Info struct {
	ID              string     `json:"id"`
	User            string     `json:"user"`
	Email           string     `json:"email"`
	Kind            string     `json:"kind"`
	Payload         string     `json:"payload"`
	Status          string     `json:"status"`
	Priority        int        `json:"priority"`
	Position        int        `json:"position,omitempty"`
	Paused          bool       `json:"paused,omitempty"` // it is held by a pause
	Stage           string     `json:"stage,omitempty"`
	Progress        float64    `json:"progress"`
	Attempts        int        `json:"attempts"`
	MaxAttempts     int        `json:"max_attempts"`
	Worker          string     `json:"worker,omitempty"`
	CancelRequested bool       `json:"cancel_requested,omitempty"`
	Error           string     `json:"error,omitempty"`
	Result          string     `json:"result,omitempty"`
	RunAt           *time.Time `json:"run_at"`
	Started         *time.Time `json:"started"`
	LeaseExpires    *time.Time `json:"lease_expires,omitempty"`
	Finished        *time.Time `json:"finished"`
	Created         *time.Time `json:"created"`
	History         []Attempt  `json:"history,omitempty"`
}

// List returns jobs, the newest first, at most limit of them; 0 is no bound.
func (q *Queue) List(ctx context.Context, of Selection, limit int) ([]Info, error) {
	if err := q.checkSelection(of); err != nil {
		return nil, err
	}
	query := q.app.RecordQuery(migrations.GlobalQueue).OrderBy("created DESC", "rowid DESC").WithContext(ctx)
	if limit > 0 {
		query.Limit(int64(limit))
	}
	if len(of.IDs) > 0 {
		query.AndWhere(dbx.In("id", anys(of.IDs)...))
	}
	if of.Status != "" {
		query.AndWhere(isStatus(of.Status))
	}
	for column, value := range map[string]string{"user": of.UserID, "kind": of.Kind} {
		if value != "" {
			query.AndWhere(dbx.HashExp{column: value})
		}
	}
	var records []*core.Record
	if err := query.All(&records); err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	infos, emails := make([]Info, 0, len(records)), map[string]string{}
	for _, record := range records {
		info := q.info(ctx, record)
		if _, ok := emails[info.User]; !ok {
			if user, err := q.app.FindRecordById(migrations.Users, info.User); err == nil {
				emails[info.User] = user.Email()
			}
		}
		info.Email = emails[info.User]
		infos = append(infos, info)
	}
	return infos, nil
}

func (q *Queue) info(ctx context.Context, record *core.Record) Info {
	at := func(field string) *time.Time {
		if moment := record.GetDateTime(field); !moment.IsZero() {
			t := moment.Time()
			return &t
		}
		return nil
	}
	result := record.GetString("result")
	if result == "null" {
		result = ""
	}
	return Info{
		ID: record.Id, User: record.GetString("user"), Kind: record.GetString("kind"), Payload: record.GetString("payload"),
		Status: record.GetString("status"), Priority: record.GetInt("priority"), Position: q.Outlook(ctx, record).Position,
		Paused: q.Paused().Has(record.GetString("kind")),
		Stage:  record.GetString("stage"), Progress: record.GetFloat("progress"),
		Attempts: record.GetInt("attempts"), MaxAttempts: record.GetInt("max_attempts"), Worker: record.GetString("worker_id"),
		CancelRequested: record.GetBool("cancel_requested"), Error: record.GetString("error"), Result: result,
		RunAt: at("run_at"), Started: at("started_at"), LeaseExpires: at("lease_expires_at"), Finished: at("finished_at"), Created: at("created"),
		History: ParseHistory(record.GetString("history")),
	}
}
