// Package jobfeed tells realtime clients what becomes of jobs. PocketBase itself
// would ask the database, for every change of a job and every subscriber to
// global_queue, whether that client may see it. Here each change is told once
// every 50 ms to the streams of its owner and of superusers, in order, with the
// job as it is then; docs/jobs.md is the contract.
//
// It reads subscriptions from PocketBase's broker. Those to global_queue must be
// withheld from PocketBase's own messages: see Withhold. A topic with
// options (a filter, fields, an expand) is left to PocketBase.
package jobfeed

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Config of a Service. App and Queue are required.
type Config struct {
	App    core.App // the global one
	Queue  *queue.Queue
	Logger *slog.Logger
}

// Service tells clients of changes. It is safe for concurrent use.
type Service struct {
	app     core.App
	queue   *queue.Queue
	logger  *slog.Logger
	topics  topics
	senders senders

	moved  chan struct{}
	end    context.CancelFunc
	ending sync.WaitGroup
}

// New returns a Service; Start begins it.
func New(cfg Config) *Service {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{app: cfg.App, queue: cfg.Queue, logger: cfg.Logger, moved: make(chan struct{}, 1)}
	s.senders.drop = func(clientID string) { s.app.SubscriptionsBroker().Unregister(clientID) }
	cfg.Queue.OnChange(s.jobsChanged)
	return s
}

// Start begins to send overviews. Call it before the queue's own Start, when the
// database is migrated.
func (s *Service) Start() error {
	var err error
	if s.topics, err = topicsOf(s.app); err != nil {
		return err
	}
	ctx, end := context.WithCancel(context.Background())
	s.end = end
	s.ending.Go(func() { s.sendOverviews(ctx) })
	return nil
}

// Withhold says whether PocketBase must not see a subscription, because this
// service serves it. It may be called after Start.
func (s *Service) Withhold(topic string) bool { return s.topics.withhold(topic) }

// Stop ends it and waits until ctx ends for what is being sent. The streams must
// have ended: a client that reads no more holds it up.
func (s *Service) Stop(ctx context.Context) error {
	if s.end == nil {
		return nil
	}
	s.end()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		s.ending.Wait()
		s.senders.wait()
	}()
	select {
	case <-sent:
		return nil
	case <-ctx.Done():
		return errors.Join(errors.New("messages are still being sent"), ctx.Err())
	}
}

// jobsChanged is a queue.Observer.
func (s *Service) jobsChanged(ctx context.Context, changes []queue.Change) {
	select {
	case s.moved <- struct{}{}:
	default:
	}
	audience := s.audience()
	if audience.isEmpty() {
		return
	}
	var wanted []queue.Change
	for _, change := range changes {
		if audience.wants(change) {
			wanted = append(wanted, change)
		}
	}
	records, err := s.read(ctx, wanted)
	if err != nil {
		s.logger.Warn("read jobs to tell their owners", "error", err)
		return
	}
	for _, change := range wanted {
		record := records[change.ID]
		if change.Action == queue.ActionDelete {
			record = change.Record
		}
		if record == nil { // deleted meanwhile: that is told next
			continue
		}
		s.tell(ctx, audience, change, record)
	}
}

// readAtOnce is how many jobs one query reads.
const readAtOnce = 200

func (s *Service) read(ctx context.Context, changes []queue.Change) (map[string]*core.Record, error) {
	byID := map[string]*core.Record{}
	for first := 0; first < len(changes); first += readAtOnce {
		ids := []any{}
		for _, change := range changes[first:min(first+readAtOnce, len(changes))] {
			if change.Action != queue.ActionDelete {
				ids = append(ids, change.ID)
			}
		}
		if len(ids) == 0 {
			continue
		}
		var records []*core.Record
		if err := s.app.RecordQuery(migrations.GlobalQueue).AndWhere(dbx.In("id", ids...)).WithContext(ctx).All(&records); err != nil {
			return nil, err
		}
		for _, record := range records {
			byID[record.Id] = record
		}
	}
	return byID, nil
}

// tell sends a job to everybody who follows it. What a role sees of it is made
// once, however many streams there are.
func (s *Service) tell(ctx context.Context, audience *audience, change queue.Change, record *core.Record) {
	for _, role := range [][]listener{audience.byUser[change.UserID], audience.superusers} {
		var data []byte
		for _, l := range role {
			for _, topic := range l.topicsOf(change.ID) {
				if data == nil {
					var err error
					if data, err = s.encode(change.Action, record, l.auth); err != nil {
						s.logger.Warn("encode a job for its subscribers", "job", change.ID, "error", err)
						return
					}
				}
				s.senders.send(l.client, subscriptions.Message{Name: topic, Data: data})
			}
		}
	}
	if audience.others && (change.Action == queue.ActionUpdate || change.Updated) { // PocketBase tells the rest itself
		event := new(core.ModelEvent)
		event.App, event.Context, event.Model, event.Type = s.app, ctx, record, core.ModelEventTypeUpdate
		if err := s.app.OnModelAfterUpdateSuccess().Trigger(event); err != nil {
			s.logger.Warn("tell PocketBase's subscribers of a job", "job", change.ID, "error", err)
		}
	}
}

// encode is a job as PocketBase's own messages have it.
func (s *Service) encode(action string, record *core.Record, auth *core.Record) ([]byte, error) {
	seen := record.Fresh()
	if auth.IsSuperuser() {
		seen.Unhide(seen.Collection().Fields.FieldNames()...)
	}
	event := new(core.RecordEnrichEvent)
	event.App, event.Record = s.app, seen
	event.RequestInfo = &core.RequestInfo{Context: core.RequestInfoContextRealtime, Method: "GET", Auth: auth}
	err := s.app.OnRecordEnrich(seen.Collection().Id, seen.Collection().Name).Trigger(event, func(e *core.RecordEnrichEvent) error { return e.Next() })
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Record *core.Record `json:"record"`
		Action string       `json:"action"`
	}{seen, action})
}

func authOf(client subscriptions.Client) *core.Record {
	auth, _ := client.Get(apis.RealtimeClientAuthKey).(*core.Record)
	return auth
}
