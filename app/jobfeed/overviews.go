package jobfeed

import (
	"context"
	"encoding/json"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// overviewTopic is the topic of overviews.
const overviewTopic = "queue"

// manyStreams is how many streams receive overviews every second. An overview of every user is read from the
// database and sent, so with more streams they are sent less often.
const manyStreams = 1000

// overviewInterval returns the minimum time between two overviews, which are sent to the given number of streams.
// The queue may change thousands of times a second.
func overviewInterval(streams int) time.Duration {
	if streams > manyStreams {
		return 10 * time.Second
	}
	return time.Second
}

// lastOverviewKey is the key of the last overview in a client's store.
const lastOverviewKey = "lastOverview"

// Overview returns what a signed-in record may see of the queue: a queue.Overview for a user, queue.Stats
// for a superuser.
func (f *Feed) Overview(ctx context.Context, auth *core.Record) (any, error) {
	overview, _, err := f.overviewFor(ctx, auth)
	return overview, err
}

// overviewFor returns what Overview returns, and whether it lags behind the queue.
func (f *Feed) overviewFor(ctx context.Context, auth *core.Record) (overview any, lags bool, err error) {
	if auth.IsSuperuser() {
		stats, err := f.queue.Stats(ctx)
		return stats, stats.Lags, err
	}
	own, err := f.queue.Overview(ctx, auth.Id)
	return own, own.Lags, err
}

// sendOverviews sends overviews whenever the queue has changed, until ctx ends.
func (f *Feed) sendOverviews(ctx context.Context) {
	interval := time.NewTimer(0)
	defer interval.Stop()
	for {
		select {
		case <-f.overviewDue.C():
		case <-ctx.Done():
			return
		}
		interval.Reset(overviewInterval(f.sendOverviewsOnce(ctx)))
		select {
		case <-interval.C:
		case <-ctx.Done():
			return
		}
	}
}

// sendOverviewsOnce sends every subscriber their overview, unless it is the same as the last one, and returns how
// many streams have subscribed. Overviews that lag are due again, because no other change may follow.
func (f *Feed) sendOverviewsOnce(ctx context.Context) (streams int) {
	byUser := map[string][]byte{}
	for _, client := range f.app.SubscriptionsBroker().Clients() {
		auth := authOf(client)
		if auth == nil || !client.HasSubscription(overviewTopic) {
			continue
		}
		streams++
		data, ok := byUser[auth.Id]
		if !ok {
			overview, lags, err := f.overviewFor(ctx, auth)
			if lags {
				f.overviewDue.Signal()
			}
			if err == nil {
				data, err = json.Marshal(overview)
			}
			if err != nil {
				if ctx.Err() != nil {
					return streams
				}
				f.logger.WarnContext(ctx, "failed to read the queue overview of a user", "user", auth.Id, "error", err)
				continue
			}
			byUser[auth.Id] = data
		}
		if last, _ := client.Get(lastOverviewKey).(string); last != string(data) {
			client.Set(lastOverviewKey, string(data))
			f.outbox.send(client, subscriptions.Message{Name: overviewTopic, Data: data})
		}
	}
	return streams
}
