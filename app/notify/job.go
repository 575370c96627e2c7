package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/backoff"
	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// KindSend is the kind of the jobs that send notices.
const KindSend = "notice.send"

const (
	// gatherTime is how long the first notice waits for others that have the same cause in the end, such as an outage.
	gatherTime = 2 * time.Minute

	// maxRunning leaves slots to syncs, because mail servers and webhooks that people choose may be slow.
	maxRunning = 2

	maxPerMail  = 50               // notices
	maxPerRun   = 50               // webhooks that one run sends
	maxSending  = 20 * time.Second // after which a run leaves the rest to another one, behind those of other people
	expireAfter = 72 * time.Hour   // after which a notice isn't sent any more
	maxAttempts = 40
	runTimeout  = 10 * time.Minute
)

// retryBackoff is the least wait between two attempts, because mail servers and webhooks recover slowly. All attempts take
// almost as long as expireAfter.
var retryBackoff = backoff.Policy{Base: time.Minute, Max: 2 * time.Hour, Jitter: 0.2}

// payload is the payload of a job. The zero value sends mail.
type payload struct {
	Webhook  bool   `json:"webhook,omitempty"`  // sends to the webhook
	Digest   bool   `json:"digest,omitempty"`   // writes the summary of the last week
	Schedule string `json:"schedule,omitempty"` // reports that this schedule was stopped
	Run      string `json:"run,omitempty"`      // the last job of the schedule
	Died     string `json:"died,omitempty"`     // reports that this job is dead
}

func (p payload) encode() string {
	encoded, _ := json.Marshal(p) // strings and booleans can always be encoded
	return string(encoded)
}

func decodePayload(raw json.RawMessage) (p payload, err error) {
	if err := queue.DecodeStrict(raw, &p); err != nil {
		return p, queue.Permanent("The payload is not one of this server's own.", err)
	}
	return p, nil
}

// Kind describes the jobs, for queue.Define.
func (s *Service) Kind() queue.Kind {
	return queue.Kind{
		Name: KindSend, Internal: true, Lane: queue.LaneShort, Limit: maxRunning, MaxAttempts: maxAttempts, Timeout: runTimeout, MaxWait: expireAfter,
		Check: func(raw json.RawMessage) (dedupe string, err error) {
			p, err := decodePayload(raw)
			switch {
			case p.Webhook:
				dedupe = "webhook"
			case p.Digest:
				dedupe = "digest"
			case p.Schedule != "":
				dedupe = "schedule:" + p.Schedule
			case p.Died != "":
				dedupe = "died:" + p.Died
			}
			return dedupe, err
		},
	}
}

// result is stored with a job.
type result struct {
	Sent int `json:"sent"` // mails or webhooks
}

// Handle runs a job of KindSend.
func (s *Service) Handle(ctx context.Context, job queue.Job, _ queue.Report) (any, error) {
	work, err := decodePayload(job.Payload)
	if err != nil {
		return nil, err
	}
	db, err := s.databases.AcquireForUser(ctx, job.UserID) // an archived database has nothing to report
	if errors.Is(err, registry.ErrNotFound) {
		return result{}, nil
	}
	if errors.Is(err, registry.ErrElsewhere) {
		return nil, queue.Snooze("Your database is on another server.", time.Minute)
	}
	if errors.Is(err, userdb.ErrBusy) || errors.Is(err, userdb.ErrClosed) {
		return nil, queue.Snooze("The server is busy.", 10*time.Second)
	}
	if err != nil {
		return nil, err
	}
	defer db.Release()
	ctx = logging.With(ctx, slog.String(logging.DatabaseKey, db.Name))
	switch {
	case work.Digest:
		return result{}, s.writeDigest(ctx, db.Database)
	case work.Schedule != "":
		return result{}, s.reportSchedule(db.Database, work)
	case work.Died != "":
		return result{}, s.reportSync(db.Database, work)
	}
	if err := s.expire(db.Database); err != nil {
		return nil, err
	}
	var sent int
	if work.Webhook {
		sent, err = s.sendWebhooks(ctx, db.Database)
	} else {
		sent, err = s.sendMails(ctx, db.Database)
	}
	if failure, ok := errors.AsType[*queue.Failure](err); ok {
		failure.RetryAfter = max(failure.RetryAfter, retryBackoff.Delay(job.Attempt))
	}
	return result{Sent: sent}, err
}

// expire gives up notices that could not be sent for days.
func (s *Service) expire(db *userdb.Database) error {
	oldest, err := types.ParseDateTime(s.now().Add(-expireAfter))
	if err != nil {
		return err
	}
	for _, way := range []string{"mail", "hook"} {
		_, err := db.App.NonconcurrentDB().Update(schema.Notices, dbx.Params{way: notice.Failed}, dbx.And(
			dbx.HashExp{way: notice.Due}, dbx.NewExp("created < {:oldest}", dbx.Params{"oldest": oldest.String()}),
		)).Execute()
		if err != nil {
			return fmt.Errorf("give up old notices: %w", err)
		}
	}
	return nil
}

// dueNotices returns the oldest notices that are due to be sent in one of the ways mail and hook.
func dueNotices(db *userdb.Database, way string, limit int64) ([]*core.Record, error) {
	var records []*core.Record
	err := db.App.RecordQuery(schema.Notices).AndWhere(dbx.HashExp{way: notice.Due}).OrderBy("created", "rowid").Limit(limit).All(&records)
	if err != nil {
		return nil, fmt.Errorf("find due notices: %w", err)
	}
	return records, nil
}

// errTaken means that another job is sending a notice.
var errTaken = errors.New("notice is being sent by another job")

// setState changes the state of notices, all of which must have the state from, in one of the ways mail and hook. It
// returns errTaken and changes nothing if one of them hasn't.
func setState(db *userdb.Database, notices []*core.Record, way, from, to string) error {
	return db.App.RunInTransaction(func(tx core.App) error {
		for _, n := range notices {
			updated, err := tx.NonconcurrentDB().Update(schema.Notices, dbx.Params{way: to}, dbx.HashExp{"id": n.Id, way: from}).Execute()
			if err != nil {
				return fmt.Errorf("set the state of notice %s: %w", n.Id, err)
			}
			if rows, err := updated.RowsAffected(); err != nil || rows != 1 {
				return errors.Join(errTaken, err)
			}
		}
		return nil
	})
}
