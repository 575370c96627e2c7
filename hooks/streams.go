package hooks

import (
	"context"
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
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
	places, users := gateway.NewPlaces(maxStreams, maxStreamsPerAddress), gateway.NewPlaces(maxStreams, gateway.MaxStreamsPerUser)
	a.OnRealtimeConnectRequest().Bind(&hook.Handler[*core.RealtimeConnectRequestEvent]{Id: "boundStream", Func: boundStream(a, places)})
	a.OnRealtimeSubscribeRequest().Bind(&hook.Handler[*core.RealtimeSubscribeRequestEvent]{Id: "boundSubscriptions", Func: boundSubscriptions(users)})
}

func boundStream(a *app.App, places *gateway.Places) func(*core.RealtimeConnectRequestEvent) error {
	return func(e *core.RealtimeConnectRequestEvent) error {
		address := e.RealIP()
		leave, ok := places.Take(address)
		if !ok {
			e.Response.Header().Set("Retry-After", "10")
			return router.NewApiError(http.StatusServiceUnavailable, "Too many open streams. Try again in a moment.", nil)
		}
		defer leave()
		ctx, end := context.WithTimeout(e.Request.Context(), e.MaxTimeout)
		defer end()
		writer := gateway.NewDeadlineWriter(ctx, e.Response)
		defer writer.Done()
		e.Request, e.Response = e.Request.WithContext(ctx), writer
		e.Client = gateway.NewStreamClient(end, a.JobFeed.Handles)
		e.Client.Set(apis.RealtimeClientIPKey, address)
		return e.Next()
	}
}

// boundSubscriptions bounds what has to be looked at for every change of a record,
// whoever makes it.
func boundSubscriptions(users *gateway.Places) func(*core.RealtimeSubscribeRequestEvent) error {
	return func(e *core.RealtimeSubscribeRequestEvent) error {
		if err := gateway.CheckSubscriptions(e.RequestEvent, e.Subscriptions); err != nil {
			return err
		}
		if e.Auth == nil {
			if slices.ContainsFunc(e.Subscriptions, func(topic string) bool { return !slices.Contains(openTopics, topic) }) {
				return e.UnauthorizedError("Sign in before you subscribe to records.", nil)
			}
			return e.Next()
		}
		client, ok := e.Client.(*gateway.StreamClient)
		if !ok || !client.Hold(users, e.Auth.Id) {
			return e.TooManyRequestsError("Too many open pages. Close some and try again.", nil)
		}
		return e.Next()
	}
}
