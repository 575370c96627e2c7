package hooks

import (
	"context"
	"slices"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/sse"
)

// Everybody who has the web app open has a stream to the global database, and
// nobody needs a session to open one.
const (
	maxStreams           = 20_000
	maxStreamsPerAddress = 200
)

// openTopics tell nothing of a record: the SDK waits on one, before anybody has
// signed in, for the end of a sign-in elsewhere, and on the other for its own
// connection.
var openTopics = []string{"@oauth2", "PB_CONNECT"}

// bindStreams bounds the realtime streams to the global database as the gateway
// bounds those to user databases.
func bindStreams(a *app.App) {
	places, users := limit.NewConcurrency(maxStreams, maxStreamsPerAddress), limit.NewConcurrency(maxStreams, sse.MaxStreamsPerUser)
	a.OnRealtimeConnectRequest().Bind(&hook.Handler[*core.RealtimeConnectRequestEvent]{Id: "boundStream", Func: boundStream(a, places)})
	a.OnRealtimeSubscribeRequest().Bind(&hook.Handler[*core.RealtimeSubscribeRequestEvent]{Id: "boundSubscriptions", Func: boundSubscriptions(users)})
}

func boundStream(a *app.App, places *limit.Concurrency) func(*core.RealtimeConnectRequestEvent) error {
	return func(e *core.RealtimeConnectRequestEvent) error {
		address := e.RealIP()
		leave, ok := places.Acquire(address)
		if !ok {
			return sse.TooManyStreams(e.RequestEvent)
		}
		defer leave()
		ctx, end := context.WithTimeout(e.Request.Context(), e.MaxTimeout)
		defer end()
		writer := sse.NewDeadlineWriter(ctx, e.Response)
		defer writer.Finish()
		e.Request, e.Response = e.Request.WithContext(ctx), writer
		e.Client = sse.NewClient(end, a.Live.Withhold)
		e.Client.Set(apis.RealtimeClientIPKey, address)
		return e.Next()
	}
}

// boundSubscriptions bounds what has to be looked at for every change of a record,
// whoever makes it.
func boundSubscriptions(users *limit.Concurrency) func(*core.RealtimeSubscribeRequestEvent) error {
	return func(e *core.RealtimeSubscribeRequestEvent) error {
		if err := sse.CheckSubscriptions(e.Subscriptions); err != nil {
			return err
		}
		if e.Auth == nil {
			if slices.ContainsFunc(e.Subscriptions, func(topic string) bool { return !slices.Contains(openTopics, topic) }) {
				return e.UnauthorizedError("Sign in before you subscribe to records.", nil)
			}
			return e.Next()
		}
		client, ok := e.Client.(*sse.Client)
		if !ok || !client.CountAgainst(users, e.Auth.Id) {
			return sse.TooManyUserStreams()
		}
		return e.Next()
	}
}
