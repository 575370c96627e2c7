// Package transfer implements the job handlers, which sync a user's meetings and transfer recordings from
// Fathom to Loom, and checks the connections that both need. A handler records each step in the user's
// database before it starts the next one, so that the job resumes after a crash and delivers nothing twice.
//
// A Service is safe for concurrent use. Its own goroutines update transfer statuses and check connections;
// Stop waits for them.
//
// The package decrypts a secret only for a single use. No secret may reach a log, an error or a record.
package transfer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// The kinds of jobs.
const (
	KindSync     = "fathom.sync"
	KindTransfer = "recording.transfer"
)

const defaultPollInterval = 5 * time.Second

// Config configures a Service. All fields but PollInterval, Logger and Now are required.
type Config struct {
	Databases    *userdb.Service
	Queue        *queue.Queue
	Fathom       *fathom.Client
	Loom         *loom.Client
	Uploader     loom.Uploader
	PollInterval time.Duration    // wait before the first poll of a download; 0 means 5 s
	Logger       *slog.Logger     // the default discards everything
	Now          func() time.Time // the default is time.Now
}

// Service handles jobs, checks connections, and keeps transfer statuses in step with their jobs.
type Service struct {
	databases *userdb.Service
	queue     *queue.Queue
	fathom    *fathom.Client
	loom      *loom.Client
	uploader  loom.Uploader
	poll      time.Duration
	logger    *slog.Logger
	now       func() time.Time

	watcher statusWatcher
	checks  connectionChecks
}

// New returns a Service. It accepts connection checks immediately, because a database may be opened
// before Start.
func New(cfg Config) *Service {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Service{
		databases: cfg.Databases, queue: cfg.Queue, fathom: cfg.Fathom, loom: cfg.Loom, uploader: cfg.Uploader,
		poll: cmp.Or(cfg.PollInterval, defaultPollInterval), logger: cfg.Logger, now: cfg.Now,
		watcher: statusWatcher{wake: background.NewWake(), pending: map[string]*pendingSync{}},
		checks:  connectionChecks{limit: make(chan struct{}, maxChecks), repeat: map[string]bool{}},
	}
	s.checks.group.Start(context.Background())
	return s
}

// Start starts updating transfer statuses. The updates end with Stop, not with ctx.
func (s *Service) Start(ctx context.Context) error {
	s.watcher.group.Start(ctx)
	return s.watcher.group.Go(s.watchStatuses)
}

// finalSyncTimeout limits the last updates of transfer statuses, during Stop.
const finalSyncTimeout = 2 * time.Second

// Stop cancels the connection checks and waits for all goroutines, or returns an error when ctx ends
// first. It may be called more than once and without Start. A status that it can't update in time is
// updated when the database is next opened.
func (s *Service) Stop(ctx context.Context) error {
	var err error
	if s.watcher.group.Running() {
		err = s.watcher.group.Stop(ctx)
		final, cancel := context.WithTimeout(context.WithoutCancel(ctx), finalSyncTimeout)
		s.syncPending(final)
		cancel()
	}
	return errors.Join(err, s.checks.group.Stop(ctx))
}

// The time limits of one attempt. The next attempt continues where the last one ended.
const (
	syncTimeout     = time.Hour
	transferTimeout = 12 * time.Hour
)

// Kinds returns the kinds of jobs that Handlers handles, for queue.Define.
func (s *Service) Kinds() []queue.Kind {
	return []queue.Kind{
		{Name: KindSync, Timeout: syncTimeout, Check: func(payload json.RawMessage) (string, error) {
			_, err := decodeSync(payload)
			return "", err
		}},
		{Name: KindTransfer, MaxAttempts: 8, Timeout: transferTimeout, Check: func(payload json.RawMessage) (string, error) {
			p, err := decodeTransfer(payload)
			return strconv.FormatInt(p.RecordingID, 10), err
		}},
	}
}

// Handlers returns the handlers by kind.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{
		KindSync:     withUserDB(s.databases, decodeSync, s.syncMeetings),
		KindTransfer: withUserDB(s.databases, decodeTransfer, s.transferRecording),
	}
}

// userDBHandler is a job handler with a decoded payload and its user's database.
type userDBHandler[P any] func(ctx context.Context, db *userdb.Database, job queue.Job, payload P, report queue.Report) (any, error)

// withUserDB decodes the payload, keeps the user's database open during the job and explains errors to
// the user.
func withUserDB[P any](databases *userdb.Service, decode func(json.RawMessage) (P, error), handle userDBHandler[P]) queue.Handler {
	return func(ctx context.Context, job queue.Job, report queue.Report) (any, error) {
		payload, err := decode(job.Payload)
		if err != nil {
			return nil, err
		}
		db, err := databases.AcquireForUser(ctx, job.UserID)
		if err != nil {
			return nil, explain(err)
		}
		defer db.Release()
		result, err := handle(ctx, db.Database, job, payload, report)
		if err != nil {
			return nil, explain(err)
		}
		return result, nil
	}
}

// syncPayload is the payload of a sync job.
type syncPayload struct {
	Full bool `json:"full"` // read all meetings instead of new ones
}

func decodeSync(payload json.RawMessage) (p syncPayload, err error) {
	if err := queue.DecodeStrict(payload, &p); err != nil {
		return p, queue.Permanent(`The payload may contain only "full" (true or false).`, nil)
	}
	return p, nil
}

// transferPayload is the payload of a transfer job.
type transferPayload struct {
	RecordingID int64 `json:"recording_id"`
}

func decodeTransfer(payload json.RawMessage) (p transferPayload, err error) {
	if err := queue.DecodeStrict(payload, &p); err != nil || p.RecordingID <= 0 {
		return p, queue.Permanent(`The payload must contain only "recording_id", the number of a recording.`, nil)
	}
	return p, nil
}
