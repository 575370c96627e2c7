// Package jobfeed sends job changes to realtime clients. PocketBase would query the database for each
// change and each subscriber of global_queue, to find out whether the client may see the job. A Feed
// instead sends a change directly to the streams of the job's owner and of superusers: at most every 50
// ms, in order, with the latest state of the job. docs/jobs.md is the contract.
//
// A Feed reads the subscriptions from PocketBase's broker. PocketBase must not serve the topics that a
// Feed handles (see Feed.Handles). A Feed is safe for concurrent use, and neither a slow client nor a slow
// filter delays the queue or other clients.
package jobfeed

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Config configures a Feed. App and Queue are required.
type Config struct {
	App    core.App // the global database
	Queue  *queue.Queue
	Logger *slog.Logger // nil discards
}

// Feed sends job changes and overviews of the queue to realtime clients. It must be created with New.
type Feed struct {
	app    core.App
	queue  *queue.Queue
	logger *slog.Logger
	topics topics // set by Start
	outbox outbox
	turns  *turns

	overviewDue background.Wake
	started     bool
	group       background.Group
}

// New returns a Feed and registers it with cfg.Queue (Queue.OnChange). It sends nothing before Start.
func New(cfg Config) *Feed {
	f := &Feed{
		app: cfg.App, queue: cfg.Queue, logger: cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)),
		overviewDue: background.NewWake(), turns: newTurns(),
	}
	f.outbox.disconnect = func(clientID string) { f.app.SubscriptionsBroker().Unregister(clientID) }
	cfg.Queue.OnChange(f.jobsChanged)
	return f
}

// Start starts sending overviews. It must be called before the queue's Start. The global database must
// be migrated.
func (f *Feed) Start(ctx context.Context) error {
	var err error
	if f.topics, err = newTopics(f.app); err != nil {
		return err
	}
	f.started = true
	f.group.Start(ctx)
	return errors.Join(f.group.Go(f.sendOverviews), f.group.Go(f.sendFiltered))
}

// Handles reports whether the Feed serves a topic, in which case PocketBase must not serve it. It must
// not be called before Start.
func (f *Feed) Handles(topic string) bool { return f.topics.handles(topic) }

// Stop stops sending overviews and waits until all messages have been sent. The queue and the realtime
// streams must be stopped first, because a client that no longer reads keeps its messages waiting. Stop
// returns an error that wraps ctx.Err if ctx ends first. It may be called more than once and without
// Start.
func (f *Feed) Stop(ctx context.Context) error {
	if !f.started {
		return nil
	}
	if err := errors.Join(f.group.Stop(ctx), f.outbox.wait(ctx)); err != nil {
		return fmt.Errorf("wait for messages to realtime clients: %w", err)
	}
	return nil
}

// jobsChanged is a queue.Observer.
func (f *Feed) jobsChanged(ctx context.Context, changes []queue.Change) {
	f.overviewDue.Signal()
	recipients := f.subscribers()
	if recipients.isEmpty() {
		return
	}
	var wanted []queue.Change
	for _, change := range changes {
		if recipients.want(change) {
			wanted = append(wanted, change)
		}
	}
	jobs, err := f.readJobs(ctx, wanted)
	if err != nil {
		f.logger.WarnContext(ctx, "failed to read jobs for their subscribers", "error", err)
		return
	}
	for _, change := range wanted {
		job := jobs[change.ID]
		if change.Action == queue.ActionDelete {
			job = change.Record
		}
		if job == nil { // deleted in the meantime; the next call reports the deletion
			continue
		}
		f.publish(recipients, change, job)
	}
}

// readBatch is how many jobs one query reads.
const readBatch = 200

// readJobs returns the current records of the changed jobs by id, with their latest progress. Deleted jobs are
// missing.
func (f *Feed) readJobs(ctx context.Context, changes []queue.Change) (map[string]*core.Record, error) {
	byID := map[string]*core.Record{}
	for first := 0; first < len(changes); first += readBatch {
		ids := []any{}
		for _, change := range changes[first:min(first+readBatch, len(changes))] {
			if change.Action != queue.ActionDelete {
				ids = append(ids, change.ID)
			}
		}
		if len(ids) == 0 {
			continue
		}
		var jobs []*core.Record
		if err := f.app.RecordQuery(migrations.GlobalQueue).AndWhere(dbx.In("id", ids...)).WithContext(ctx).All(&jobs); err != nil {
			return nil, err
		}
		for _, job := range jobs {
			f.queue.ShowProgress(job)
			byID[job.Id] = job
		}
	}
	return byID, nil
}

// publish sends a change to all subscribers of the job. The message is encoded once for the owner and
// once for superusers, however many streams they have.
func (f *Feed) publish(recipients *subscribers, change queue.Change, job *core.Record) {
	for _, group := range [][]subscriber{recipients.byUser[change.UserID], recipients.superusers} {
		var data []byte
		for _, s := range group {
			for _, topic := range s.topicsOf(change.ID) {
				if data == nil {
					var err error
					if data, err = f.encode(change.Action, job, s.auth); err != nil {
						f.logger.Warn("failed to encode a job for its subscribers", "job", change.ID, "error", err)
						return
					}
				}
				f.outbox.send(s.client, subscriptions.Message{Name: topic, Data: data})
			}
		}
	}
	f.addTurn(change.UserID, recipients.byUser[change.UserID], change.Action, job)
	for _, s := range recipients.superusers {
		f.addTurn(s.auth.Id, []subscriber{s}, change.Action, job)
	}
}

// encode returns a message in the format of PocketBase's realtime API, as auth may see it.
func (f *Feed) encode(action string, job, auth *core.Record) ([]byte, error) {
	visible := job.Fresh()
	if auth.IsSuperuser() {
		visible.Unhide(visible.Collection().Fields.FieldNames()...)
	}
	event := new(core.RecordEnrichEvent)
	event.App, event.Record = f.app, visible
	event.RequestInfo = &core.RequestInfo{Context: core.RequestInfoContextRealtime, Method: "GET", Auth: auth}
	enrich := f.app.OnRecordEnrich(visible.Collection().Id, visible.Collection().Name)
	if err := enrich.Trigger(event, func(e *core.RecordEnrichEvent) error { return e.Next() }); err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Record *core.Record `json:"record"`
		Action string       `json:"action"`
	}{visible, action})
}

// authOf returns the record that a client signed in as, or nil.
func authOf(client subscriptions.Client) *core.Record {
	auth, _ := client.Get(apis.RealtimeClientAuthKey).(*core.Record)
	return auth
}
