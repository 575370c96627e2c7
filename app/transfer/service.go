// Package transfer holds the work itself: syncing a user's meetings, moving one
// recording from Fathom to Loom, and the connections both need. Its handlers
// run as jobs; each step is recorded in the user's database before the next, so
// that a crash resumes where it stopped and nothing is delivered twice.
//
// Secrets are decrypted here, used for one call and forgotten; none may reach a
// log, an error or a record.
package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Kinds of jobs.
const (
	KindSync     = "fathom.sync"
	KindTransfer = "recording.transfer"
)

// Config of a Service. All but PollInterval, Logger and Now are required.
type Config struct {
	Databases    *userdb.Service
	Queue        *queue.Queue
	Fathom       *fathom.Client
	Loom         *loom.Client
	Uploader     loom.Uploader
	PollInterval time.Duration // first wait between two looks at a download, default 5s
	Logger       *slog.Logger
	Now          func() time.Time
}

// Service does the work of jobs and checks connections.
type Service struct {
	databases *userdb.Service
	queue     *queue.Queue
	fathom    *fathom.Client
	loom      *loom.Client
	uploader  loom.Uploader
	poll      time.Duration
	logger    *slog.Logger
	now       func() time.Time

	checking context.Context // ends when the service stops
	stop     context.CancelFunc
	checks   sync.WaitGroup
	slots    chan struct{} // bounds the checks under way

	follower follower

	mu    sync.Mutex
	again map[string]bool // connections being checked; true: once more after that
}

// New returns a Service.
func New(cfg Config) *Service {
	if cfg.PollInterval == 0 {
		cfg.PollInterval = 5 * time.Second
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Service{
		databases: cfg.Databases, queue: cfg.Queue, fathom: cfg.Fathom, loom: cfg.Loom, uploader: cfg.Uploader,
		poll: cfg.PollInterval, logger: cfg.Logger, now: cfg.Now, slots: make(chan struct{}, 8), again: map[string]bool{},
		follower: follower{waiting: map[string]*unaligned{}, noted: make(chan struct{}, 1)},
	}
	s.checking, s.stop = context.WithCancel(context.Background())
	return s
}

// finalAlignment is how long the last transfers may take to be brought in line.
const finalAlignment = 2 * time.Second

// Stop ends the checks of connections under way and waits for them. What it can't
// bring in line any more is, when its database is opened.
func (s *Service) Stop() {
	if s.follower.end != nil {
		s.follower.end()
		<-s.follower.ended
		ctx, cancel := context.WithTimeout(context.Background(), finalAlignment)
		s.alignAll(ctx)
		cancel()
	}
	s.mu.Lock()
	s.stop() // under the lock: no check begins after it
	s.mu.Unlock()
	s.checks.Wait()
}

// How long one attempt may take; what it has done by then is kept for the next.
const (
	syncTimeout     = time.Hour
	transferTimeout = 12 * time.Hour
)

// Kinds are the jobs this service can do, for queue.Define.
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

// Handlers does the jobs of Kinds, by kind.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{KindSync: s.sync, KindTransfer: s.moveRecording}
}

// syncPayload asks for a sync of what is new, or of everything.
type syncPayload struct {
	Full bool `json:"full"`
}

func decodeSync(payload json.RawMessage) (p syncPayload, err error) {
	if err := queue.DecodeStrict(payload, &p); err != nil {
		return p, errors.New(`The payload may only have "full", true or false.`) //nolint:staticcheck // a sentence for the owner
	}
	return p, nil
}

// transferPayload names the recording to move.
type transferPayload struct {
	RecordingID int64 `json:"recording_id"`
}

func decodeTransfer(payload json.RawMessage) (p transferPayload, err error) {
	if err := queue.DecodeStrict(payload, &p); err != nil || p.RecordingID <= 0 {
		return p, errors.New(`The payload must have "recording_id", the number of a recording, and nothing else.`) //nolint:staticcheck // a sentence for the owner
	}
	return p, nil
}
