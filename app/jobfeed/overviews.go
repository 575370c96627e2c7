package jobfeed

import (
	"context"
	"encoding/json"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// overviewTopic is the subscription by which users follow where their jobs stand.
const overviewTopic = "queue"

// overviewEvery is the least time between two overviews: the queue may move
// thousands of times a second.
const overviewEvery = time.Second

// lastOverview is where a client's store keeps what it was sent.
const lastOverview = "lastOverview"

// sendOverviews sends everybody who follows them the queue as they see it,
// whenever that has changed.
func (s *Service) sendOverviews(ctx context.Context) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-s.moved:
		case <-ctx.Done():
			return
		}
		s.sendOverviewsOnce(ctx)
		pause.Reset(overviewEvery)
		select {
		case <-pause.C:
		case <-ctx.Done():
			return
		}
	}
}

// Overview is the queue as somebody sees it: a queue.Overview for a user, the
// queue.Stats for a superuser.
func (s *Service) Overview(ctx context.Context, auth *core.Record) (any, error) {
	if auth.IsSuperuser() {
		return s.queue.Stats(ctx)
	}
	return s.queue.Overview(ctx, auth.Id)
}

func (s *Service) sendOverviewsOnce(ctx context.Context) {
	encoded := map[string][]byte{} // by user
	for _, client := range s.app.SubscriptionsBroker().Clients() {
		auth := authOf(client)
		if auth == nil || !client.HasSubscription(overviewTopic) {
			continue
		}
		data, ok := encoded[auth.Id]
		if !ok {
			overview, err := s.Overview(ctx, auth)
			if err == nil {
				data, err = json.Marshal(overview)
			}
			if err != nil {
				if ctx.Err() != nil {
					return
				}
				s.logger.Warn("look at the queue for a user", "user", auth.Id, "error", err)
				continue
			}
			encoded[auth.Id] = data
		}
		if last, _ := client.Get(lastOverview).(string); last != string(data) {
			client.Set(lastOverview, string(data))
			s.senders.send(client, subscriptions.Message{Name: overviewTopic, Data: data})
		}
	}
}
