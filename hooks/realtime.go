package hooks

import (
	"context"
	"slices"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
	"github.com/fathom-to-loom/fathom-to-loom/app/sse"
)

// publicTopics are open to clients that have not signed in, because they carry no records. The SDK uses
// @oauth2 to wait for the end of an OAuth2 flow in another window, and PB_CONNECT for its own connection.
var publicTopics = []string{"@oauth2", "PB_CONNECT"}

// streamLimits limits realtime streams to the global database as the gateway does for user databases.
type streamLimits struct {
	handlers
	byNetwork *limit.Concurrency
	byUser    *limit.Concurrency

	subscriptions *limit.Budget // by user
}

func (h handlers) bindRealtime() {
	limits := streamLimits{
		handlers:      h,
		byNetwork:     limit.NewConcurrency(limit.MaxStreams, limit.MaxStreamsPerNetwork),
		byUser:        limit.NewConcurrency(limit.MaxStreams, limit.MaxStreamsPerUser),
		subscriptions: sse.NewSubscriptionBudget(),
	}
	bind(h.OnRealtimeConnectRequest(), "limitStreams", limits.limitStreams)
	bind(h.OnRealtimeSubscribeRequest(), "limitSubscriptions", limits.limitSubscriptions)
	bind(h.OnRecordUpdateExecute(), "advanceUpdated", advanceUpdated)
}

func (l streamLimits) limitStreams(e *core.RealtimeConnectRequestEvent) error {
	address := e.RealIP()
	release, ok := l.byNetwork.Acquire(limit.Network(address))
	if !ok {
		return sse.TooManyStreams(e.RequestEvent)
	}
	defer release()
	ctx, end := context.WithTimeout(e.Request.Context(), e.MaxTimeout)
	defer end()
	writer := sse.NewDeadlineWriter(ctx, e.Response)
	defer writer.Finish()
	e.Request, e.Response = e.Request.WithContext(ctx), writer
	e.Client = sse.NewClient(end, l.JobFeed.Handles)
	e.Client.Set(apis.RealtimeClientIPKey, address)
	return e.Next()
}

// limitSubscriptions limits the subscriptions, because PocketBase evaluates each for every change of a record.
func (l streamLimits) limitSubscriptions(e *core.RealtimeSubscribeRequestEvent) error {
	if err := sse.CheckSubscriptions(e.Subscriptions); err != nil {
		return err
	}
	if e.Auth == nil {
		if slices.ContainsFunc(e.Subscriptions, func(topic string) bool { return !slices.Contains(publicTopics, topic) }) {
			return e.UnauthorizedError("Sign in before you subscribe to records.", nil)
		}
		return e.Next()
	}
	if !e.HasSuperuserAuth() {
		if err := readlimit.CheckExpandOfTopics(e.Subscriptions); err != nil {
			return err
		}
	}
	client, ok := e.Client.(*sse.Client)
	if !ok || !client.CountAgainst(l.byUser, e.Auth.Id) {
		return sse.TooManyUserStreams()
	}
	if !client.CountSubscriptions(l.subscriptions, e.Auth.Id, e.Subscriptions) {
		return sse.TooManyUserSubscriptions()
	}
	if err := l.bindStreamToUser(e, client); err != nil {
		return err
	}
	return e.Next()
}
