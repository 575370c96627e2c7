package queue

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/pocketbase/dbx"
)

const (
	keptPerUser = 1000 // ended jobs that a user keeps, the newest ones

	// trimEvery is how many jobs a user creates until the number of ended ones is checked again. Between two
	// checks, a user may have that many more than keptPerUser.
	trimEvery = 100

	// maxCountedUsers bounds the memory of createdJobs. If more users create jobs, the counts start over; the
	// hourly ApplyRetention checks all users.
	maxCountedUsers = 4096

	trimBatch = 500 // the LIMIT of oldEndedSQL
)

// createdJobs counts the jobs that users have created since their ended jobs were last trimmed. Safe for
// concurrent use.
type createdJobs struct {
	mu     sync.Mutex
	byUser map[string]int
	due    map[string]bool // users who have created trimEvery jobs
}

func newCreatedJobs() createdJobs {
	return createdJobs{byUser: map[string]int{}, due: map[string]bool{}}
}

func (c *createdJobs) count(userID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.byUser) >= maxCountedUsers {
		clear(c.byUser)
	}
	if c.byUser[userID]++; c.byUser[userID] >= trimEvery && len(c.due) < maxCountedUsers {
		delete(c.byUser, userID)
		c.due[userID] = true
	}
}

// takeDue returns the users whose ended jobs must be trimmed.
func (c *createdJobs) takeDue() map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.due) == 0 {
		return nil
	}
	due := c.due
	c.due = map[string]bool{}
	return due
}

// TrimEnded deletes all but the newest ended jobs of the users who have created many jobs since it was last
// called. It keeps each user's last job of the kinds with Kind.KeepLast.
func (q *Queue) TrimEnded(ctx context.Context) error {
	var errs error
	for user := range q.created.takeDue() {
		_, err := q.trimUser(ctx, user)
		errs = errors.Join(errs, err)
	}
	return errs
}

// trimAll trims the ended jobs of all users and returns how many it deleted.
func (q *Queue) trimAll(ctx context.Context) (int, error) {
	var users []string
	err := q.app.ConcurrentDB().NewQuery(usersWithManyJobsSQL).Bind(dbx.Params{"keep": keptPerUser}).WithContext(ctx).Column(&users)
	if err != nil {
		return 0, fmt.Errorf("find users with many jobs: %w", err)
	}
	total := 0
	for _, user := range users {
		deleted, failed := q.trimUser(ctx, user)
		total += deleted
		err = errors.Join(err, failed)
	}
	return total, err
}

// trimUser deletes all but the newest ended jobs of a user, batch by batch, because other writers wait while
// a batch is deleted. It returns how many it deleted.
func (q *Queue) trimUser(ctx context.Context, user string) (int, error) {
	last, total := q.newLastEnded(), 0
	for {
		var old []endedJob
		err := q.app.ConcurrentDB().NewQuery(oldEndedSQL).Bind(dbx.Params{"user": user, "keep": keptPerUser}).WithContext(ctx).All(&old)
		if err != nil {
			return total, fmt.Errorf("find old jobs of user %s: %w", user, err)
		}
		var rowids []int64
		for _, job := range old {
			job.User = user
			kept, err := last.has(ctx, job)
			if err != nil {
				return total, err
			}
			if !kept {
				rowids = append(rowids, job.RowID)
			}
		}
		deleted := 0
		if len(rowids) > 0 {
			if deleted, err = q.deleteRows(ctx, deleteEndedSQL, rowids, dbx.Params{"user": user}); err != nil {
				return total, fmt.Errorf("delete old jobs of user %s: %w", user, err)
			}
		}
		total += deleted
		if len(old) < trimBatch || deleted == 0 {
			return total, nil
		}
	}
}

// endedJob is an ended job that may be deleted.
type endedJob struct {
	RowID int64  `db:"rowid"`
	User  string `db:"user"`
	Kind  string `db:"kind"`
}

// lastEnded finds the jobs that must be kept because they are the last ones of their user and kind.
type lastEnded struct {
	queue *Queue
	rowid map[userKind]int64
}

func (q *Queue) newLastEnded() lastEnded { return lastEnded{q, map[userKind]int64{}} }

// has reports whether the job is the last one of its user among the kinds with Kind.KeepLast.
func (l lastEnded) has(ctx context.Context, job endedJob) (bool, error) {
	if !l.queue.byName[job.Kind].KeepLast {
		return false, nil
	}
	key := userKind{job.User, job.Kind}
	last, known := l.rowid[key]
	if !known {
		params := dbx.Params{"user": job.User, "kind": job.Kind}
		if err := l.queue.app.ConcurrentDB().NewQuery(lastEndedSQL).Bind(params).WithContext(ctx).Row(&last); err != nil {
			return false, fmt.Errorf("find the last %s of user %s: %w", job.Kind, job.User, err)
		}
		l.rowid[key] = last
	}
	return job.RowID == last, nil
}
